/** Lets in so many at once; the others wait in line, in the order in which they came. */
export class Turnstile {
  #free: number
  readonly #line = new Set<() => void>()

  constructor(limit: number) {
    this.#free = limit
  }

  /**
   * Calls `start` when it is its turn.
   * @returns leaves: what was let in, or the line; leaving twice is leaving once
   */
  enter(start: () => void): () => void {
    if (this.#free === 0) {
      this.#line.add(start)
    } else {
      this.#free -= 1
      start()
    }
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      if (!this.#line.delete(start)) this.#next()
    }
  }

  #next(): void {
    this.#free += 1
    const [start] = this.#line
    if (!start) return
    this.#line.delete(start)
    this.#free -= 1
    start()
  }
}
