import type { Time } from './time.ts'

/** When it is certain that a schedule was paused: from the answer to a pause to the next wish to resume. */
export class Pauses {
  readonly #time: Time
  readonly #clockErrorMs: number
  readonly #certain: { from: number; until: number }[] = []
  /** How many resumptions have begun or ended. */
  #changes = 0
  #resuming = 0

  /** @param clockErrorMs by how much what is on record of the pause may differ from when it was */
  constructor(time: Time, clockErrorMs: number) {
    this.#time = time
    this.#clockErrorMs = clockErrorMs
  }

  /** @returns to be called once the pause is answered */
  begin(): () => void {
    const changes = this.#changes
    return () => {
      const isDisputed = this.#resuming > 0 || this.#changes !== changes
      if (!isDisputed) this.#certain.push({ from: this.#time.now, until: Number.POSITIVE_INFINITY })
    }
  }

  /** @returns to be called once nothing of the resumption goes on any more */
  end(): () => void {
    for (const one of this.#certain) one.until = Math.min(one.until, this.#time.now)
    this.#changes++
    this.#resuming++
    return () => {
      this.#changes++
      this.#resuming--
    }
  }

  includes(at: number): boolean {
    const errorMs = this.#clockErrorMs
    return this.#certain.some(({ from, until }) => from + errorMs < at && at < until - errorMs)
  }
}
