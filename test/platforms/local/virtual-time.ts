import type { Clock } from '../../../control/ports.ts'
import type { Timers } from '../../../platforms/local/clock.ts'

/** Time that passes only when a test says so. */
export class VirtualTime implements Clock, Timers {
  #now: number
  readonly #timers = new Set<{ at: number; run: () => void }>()

  constructor(start: string) {
    this.#now = Date.parse(start)
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Lets so much time pass; what is due runs at its time, each to its end as far as it waits for nothing else. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settled()
    }
    this.#now = end
  }

  /** The clock goes on and timers do not, as while a laptop is closed. */
  sleep(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) timer.at += ms
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#timers.size
  }

  #nextUntil(end: number): { at: number; run: () => void } | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= end)
    return due.sort((one, other) => one.at - other.at)[0]
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
