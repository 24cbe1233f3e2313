/** Milliseconds between two messages: a busy server need not tell of each request. */
const INTERVAL_MS = 50

/** Counts what is in flight, and tells so when it changes. */
export class RequestCount {
  readonly #tell: (count: number) => void
  #count = 0
  #told = 0
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (count: number) => void) {
    this.#tell = tell
  }

  /** @returns ends it; ending twice is ending once */
  begin(): () => void {
    this.#change(1)
    let hasEnded = false
    return () => {
      if (hasEnded) return
      hasEnded = true
      this.#change(-1)
    }
  }

  #change(by: number): void {
    this.#count += by
    if (!this.#timer) this.#tellNow()
  }

  #tellNow(): void {
    this.#timer = undefined
    if (this.#count === this.#told) return
    this.#told = this.#count
    this.#tell(this.#count)
    this.#timer = setTimeout(() => this.#tellNow(), INTERVAL_MS)
  }
}
