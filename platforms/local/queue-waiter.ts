import type { Hint } from '../../control/ports.ts'

/** A container's request that waits for hints: of those that come in one go it takes as many as it has asked for. */
export class QueueWaiter {
  /** Once there is a hint, or none will come. */
  readonly woken: Promise<void>
  readonly #max: number
  readonly #onFull: () => void
  readonly #hints: Hint[] = []
  #wake: () => void = () => undefined

  constructor(max: number, onFull: () => void) {
    this.#max = max
    this.#onFull = onFull
    this.woken = new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  get hints(): Hint[] {
    return this.#hints
  }

  take(hint: Hint): void {
    this.#hints.push(hint)
    if (this.#hints.length === this.#max) this.#onFull()
    this.#wake()
  }

  /** Ends the wait with what it has. */
  wake(): void {
    this.#wake()
  }
}
