import type { Clock } from '../../control/ports.ts'

export const systemClock: Clock = { now: () => Date.now() }

/** What a platform part needs of timers, so that a test can hold the time in its hand. */
export interface Timers {
  /** Runs it once, after so many milliseconds; the answer calls it off. */
  after(ms: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  after(ms, run) {
    // A timeout of 0 is one of 1 ms; what is due already should not wait for it.
    if (ms <= 0) {
      const immediate = setImmediate(run)
      return () => clearImmediate(immediate)
    }
    const timeout = setTimeout(run, ms)
    return () => clearTimeout(timeout)
  },
}
