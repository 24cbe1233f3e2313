import { count as countIn } from '../../protocol/histogram.ts'
import type { Served } from '../../protocol/usage.ts'

/** Milliseconds between two messages: a busy server need not tell of each request. */
const INTERVAL_MS = 50
const ERROR_STATUS = 500

/** Counts what is in flight and what has ended, and tells so when it changes. */
export class RequestCount {
  readonly #tell: (count: number, served: Served) => void
  #count = 0
  #told = 0
  #served = nothing()
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (count: number, served: Served) => void) {
    this.#tell = tell
  }

  /** @returns ends it, with the status of the answer where there was one; ending twice is ending once */
  begin(): (status: number | undefined) => void {
    const begun = performance.now()
    this.#change(1)
    let hasEnded = false
    return (status) => {
      if (hasEnded) return
      hasEnded = true
      this.#note(status, performance.now() - begun)
      this.#change(-1)
    }
  }

  #note(status: number | undefined, ms: number): void {
    this.#served.requests += 1
    if (status === undefined) return
    if (status >= ERROR_STATUS) this.#served.serverErrors += 1
    countIn(this.#served.durations, ms)
  }

  #change(by: number): void {
    this.#count += by
    if (!this.#timer) this.#tellNow()
  }

  #tellNow(): void {
    this.#timer = undefined
    if (this.#count === this.#told && this.#served.requests === 0) return
    this.#told = this.#count
    this.#tell(this.#count, this.#served)
    this.#served = nothing()
    this.#timer = setTimeout(() => this.#tellNow(), INTERVAL_MS)
  }
}

const nothing = (): Served => ({ requests: 0, serverErrors: 0, durations: {} })
