const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** Whoever passes a signal on to what it has started sends it once, and the terminal once more: that is one. */
const SAME_MS = 1_000

/**
 * Aborted by whoever ends the command: by Ctrl-C, by closing the terminal, or by a signal. Another one a moment later ends
 * the process at once.
 */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController()
  const interrupt = () => {
    if (interrupted.signal.aborted) return
    interrupted.abort()
    const listenNoMore = () => {
      for (const signal of SIGNALS) process.removeListener(signal, interrupt)
    }
    setTimeout(listenNoMore, SAME_MS).unref()
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  return interrupted.signal
}

/** What the work comes to; nothing once it is aborted, whatever becomes of it then. */
export async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  work.catch(() => undefined)
  if (signal.aborted) return undefined
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const over = new AbortController()
  signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal })
  return Promise.race([work, promise]).finally(() => over.abort())
}
