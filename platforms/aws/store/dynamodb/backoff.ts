import { setTimeout } from 'node:timers/promises'

const FIRST_MS = 20
const MOST_MS = 400

/** Waits for a random time, twice as long at most with each attempt ("Exponential Backoff And Jitter", AWS Architecture Blog). */
export function backOff(attempt: number): Promise<void> {
  return setTimeout(Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt))
}
