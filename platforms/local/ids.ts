import { monotonicFactory } from 'ulid'
import type { Clock, Ids } from '../../control/ports.ts'

/** Ids such as `ca-01k3…`: those of one process sort in the order in which they were made. */
export class LocalIds implements Ids {
  readonly #clock: Clock
  readonly #ulid = monotonicFactory()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(prefix: Parameters<Ids['next']>[0]): string {
    return `${prefix}-${this.#ulid(this.#clock.now()).toLowerCase()}`
  }
}
