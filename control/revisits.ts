/** Collects the times at which something becomes due. */
export class Revisits {
  readonly #now: number
  #at = Number.POSITIVE_INFINITY

  constructor(now: number) {
    this.#now = now
  }

  /** True if the time has come; else it is remembered. */
  isDue(at: number): boolean {
    if (at <= this.#now) return true
    this.#at = Math.min(this.#at, at)
    return false
  }

  earliest(): { revisitAt?: number } {
    return Number.isFinite(this.#at) ? { revisitAt: this.#at } : {}
  }
}
