import type { SimulatedContainer } from './container.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import type { Invariants } from './invariants.ts'
import type { Time } from './time.ts'
import type { World } from './world.ts'

/** What there is of a run, for those who act in it and those who judge it. */
export interface Situation {
  readonly time: Time
  readonly world: World
  readonly containers: ReadonlyMap<string, SimulatedContainer>
  readonly invariants: Invariants
  readonly history: History
  readonly injector: FaultInjector
  /** A promise that is found broken in the middle of an operation ends the run, not just the operation. */
  assert(assertion: () => void): void
  /** Somebody who asks again when the control plane died meanwhile. */
  insist(operation: () => Promise<unknown>): void
}
