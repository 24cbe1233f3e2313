const FIRST_MS = 500
const MOST_MS = 10_000

/** The pauses between tries of something that has to come back some time: ever longer, and never all pages at once. */
export class Patience {
  #tries = 0

  /** It has worked: the next pause is a short one again. */
  reset(): void {
    this.#tries = 0
  }

  async wait(signal: AbortSignal): Promise<void> {
    const longest = Math.min(FIRST_MS * 2 ** this.#tries++, MOST_MS)
    await pause(longest * (0.5 + Math.random() / 2), signal)
  }
}

/** Ends early when it is called off. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
    function end(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}

/** Resolves once the page can be seen: what nobody looks at asks nothing, and holds none of the few connections. */
export function seen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (!document.hidden || signal.aborted) return resolve()
    const look = () => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener('visibilitychange', look)
      signal.removeEventListener('abort', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look)
  })
}

/** Runs it with a signal of its own, that also comes when the page is hidden. */
export async function whileSeen(
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const hidden = new AbortController()
  const look = () => document.hidden && hidden.abort()
  document.addEventListener('visibilitychange', look)
  try {
    await run(AbortSignal.any([signal, hidden.signal]))
  } finally {
    document.removeEventListener('visibilitychange', look)
  }
}
