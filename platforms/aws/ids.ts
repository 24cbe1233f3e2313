import { monotonicFactory } from 'ulid'
import type { Clock, Ids } from '../../control/ports.ts'

/** Ids such as `ca-01k3…`: those of one process sort in the order in which they were made. */
export function makeIds(clock: Clock): Ids {
  const ulid = monotonicFactory()
  return { next: (prefix) => `${prefix}-${ulid(clock.now()).toLowerCase()}` }
}
