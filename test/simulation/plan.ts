import { ACTIONS, type ActionName } from './actions.ts'
import { type FaultName, type Faults, faultsOf } from './faults.ts'
import { Random } from './random.ts'

/** Milliseconds for which authors, callers and faults are at work. */
export const BUSY_MS = 45_000

/** Something that is done to the world. */
export interface Step {
  /** Its place in the whole plan, which stays when others are left out. */
  number: number
  /** Milliseconds after the beginning. */
  at: number
  action: ActionName
  /** Decides how exactly. */
  seed: number
  /** Whoever sees to it is likely to die over it. */
  isDoomed: boolean
}

/** All that one seed decides beforehand. What else is left to chance comes from streams of their own. */
export interface Plan {
  seed: number
  faults: Faults
  /** Where given, of all faults only these occur, by the names that the history gives them. */
  only?: readonly string[] | undefined
  steps: Step[]
}

/** What is left of a plan. */
export interface Narrowing {
  /** The numbers of the steps that are taken: all, where absent. */
  keep?: readonly number[] | undefined
  without?: readonly FaultName[] | undefined
  only?: readonly string[] | undefined
}

const NAMES = Object.keys(ACTIONS) as ActionName[]
const LOTS = NAMES.flatMap((name) => Array.from({ length: ACTIONS[name].weight }, () => name))

const FIRST = ['deploy', 'deploy', 'deploy', 'stage'] as const

export function planOf(seed: number): Plan {
  const random = Random.of(seed, 'plan')
  const steps: Step[] = []
  // Until the first deploy there is nothing for the others to do, and without their secret many are refused.
  const first = random.pick(FIRST) ?? 'deploy'
  const opening: ActionName[] = random.chance(0.8) ? ['rotate secret', first] : [first]
  // Much happens at almost the same moment.
  const pause = () => (random.chance(0.25) ? random.between(0, 30) : random.between(20, 1_900))
  for (let at = 0; at < BUSY_MS; at += pause()) {
    const number = steps.length
    const action = opening[number] ?? random.pick(LOTS)
    const seed = random.between(0, 2 ** 31)
    if (action) steps.push({ number, at, action, seed, isDoomed: random.chance(0.1) })
  }
  const others = changesOfChannels(seed, steps.length)
  return { seed, faults: faultsOf(Random.of(seed, 'faults')), steps: [...steps, ...others] }
}

/** From a stream of their own, and beside what else is done. */
function changesOfChannels(planSeed: number, first: number): Step[] {
  const random = Random.of(planSeed, 'channels')
  const steps: Step[] = []
  const pause = () => random.between(200, 6_000)
  for (let at = pause(); at < BUSY_MS; at += pause()) {
    const seed = random.between(0, 2 ** 31)
    steps.push({ number: first + steps.length, at, action: 'change channel', seed, isDoomed: false })
  }
  return steps
}

export function narrowed(plan: Plan, { keep, without = [], only }: Narrowing): Plan {
  const spared = Object.fromEntries(without.map((fault) => [fault, 0]))
  return {
    ...plan,
    faults: { ...plan.faults, ...spared },
    only,
    steps: keep ? plan.steps.filter(({ number }) => keep.includes(number)) : plan.steps,
  }
}
