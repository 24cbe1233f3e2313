import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. Exponential with full jitter, so that containers do not come back in step. */
const FIRST_MS = 100
const MOST_MS = 2_000

export interface RetryOptions {
  /** Whether another attempt may help. */
  isTransient: (error: unknown) => boolean
  /** Told of each failure that is followed by another attempt. */
  onFailure?: (error: unknown) => void
  /** Attempts in all; without end unless given. */
  attempts?: number
  signal?: AbortSignal | undefined
}

/** Repeats `attempt` until it succeeds, or fails in a way that repeating does not mend. */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  { isTransient, onFailure, attempts = Number.POSITIVE_INFINITY, signal }: RetryOptions,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (signal?.aborted || failures >= attempts || !isTransient(error)) throw error
      onFailure?.(error)
      await sleep(backoffMs(failures), undefined, { signal })
    }
  }
}

function backoffMs(failures: number): number {
  return Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1))
}
