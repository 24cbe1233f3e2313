import { ACTIONS, type ActionName } from './actions.ts'
import { type Faults, faultsOf } from './faults.ts'
import { Random } from './random.ts'
import type { SchedulerFaults } from './scheduler.ts'

/** Milliseconds for which authors, callers and faults are at work. */
export const BUSY_MS = 45_000

/** Something that is done to the world. */
export interface Step {
  /** Milliseconds after the beginning. */
  at: number
  action: ActionName
  /** Decides how exactly. */
  seed: number
}

/** All that one seed decides beforehand. What else is left to chance comes from streams of their own. */
export interface Plan {
  seed: number
  faults: Faults
  schedulerFaults: SchedulerFaults
  steps: Step[]
}

const NAMES = Object.keys(ACTIONS) as ActionName[]
const LOTS = NAMES.flatMap((name) => Array.from({ length: ACTIONS[name].weight }, () => name))

export function planOf(seed: number): Plan {
  const random = Random.of(seed, 'plan')
  const steps: Step[] = []
  for (let at = 0; at < BUSY_MS; at += random.between(20, 1_500))
    steps.push({ at, action: random.pick(LOTS) ?? 'call', seed: random.between(0, 2 ** 31) })
  return { seed, ...faultsOf(Random.of(seed, 'faults')), steps }
}
