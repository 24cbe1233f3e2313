import type { Clock } from '../../control/ports.ts'

/** Between two looks at the clock there is no more, unless the process stood still or somebody has set the clock. */
const GAP_MS = 5_000

/**
 * Since when this process hears what it is told. It is deaf while it stands still, as in a laptop that sleeps, and while
 * its disk is full: whoever has said nothing meanwhile may have tried, and be heard a moment later.
 */
export class Listening {
  readonly #clock: Clock
  #since: number
  #lookedAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
    this.#lookedAt = this.#since
  }

  get since(): number {
    this.look()
    return this.#since
  }

  /** Somebody has spoken, or tried to, and the machine has not let this process take notice. */
  missed(): void {
    this.#since = this.#clock.now()
  }

  /** To be done every second or so. */
  look(): void {
    const now = this.#clock.now()
    const passed = now - this.#lookedAt
    if (passed < 0 || passed > GAP_MS) this.#since = now
    this.#lookedAt = now
  }
}
