import type { Ids } from '../../control/ports.ts'
import { LocalIds } from '../../platforms/local/ids.ts'

export const DAY_MS = 86_400_000
const STEP_MS = 1_000

/** The time in which something is told that has happened already: it passes as it is told, and ids sort by it. */
export class History {
  #at: number
  readonly #ids: Ids

  constructor(since: number) {
    this.#at = since
    this.#ids = new LocalIds({ now: () => this.#at })
  }

  now(): number {
    return this.#at
  }

  /** @returns the time after a little of it has passed, or as much as is said */
  pass(ms = STEP_MS): number {
    this.#at += ms
    return this.#at
  }

  /** What comes next is told as of a time that has not come yet. */
  skipTo(at: number): void {
    this.#at = Math.max(this.#at, at)
  }

  id(prefix: Parameters<Ids['next']>[0]): string {
    return this.#ids.next(prefix)
  }
}
