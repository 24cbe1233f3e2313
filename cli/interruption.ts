/** Aborted by whoever ends the command: by Ctrl-C, by closing the terminal, or by a signal. */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort())
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
