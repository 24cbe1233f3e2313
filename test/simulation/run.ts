import { inspect } from 'node:util'
import type { History } from './history.ts'
import type { Plan } from './plan.ts'
import { Simulation } from './simulation.ts'

/** A promise that a run broke. */
export interface Broken {
  /** In a line. */
  what: string
  /** All that is known of it. */
  error: string
}

export interface Run {
  history: History
  /** The single faults that occurred, by their names. */
  faults: readonly string[]
  broken?: Broken
}

export async function runPlan(plan: Plan): Promise<Run> {
  const simulation = new Simulation(plan)
  const { history, injector } = simulation
  try {
    await simulation.run()
    return { history, faults: injector.occurred }
  } catch (error) {
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { history, faults: injector.occurred, broken: { what, error: inspect(error) } }
  } finally {
    simulation.end()
  }
}

/** True if it is the same promise, be it of other versions, calls or containers. */
export const isSame = (a: Broken, b: Broken): boolean => kindOf(a) === kindOf(b)

const kindOf = ({ what }: Broken): string => what.replace(/(?<!promise )\b(?:[a-z]+-|v)?\d+/g, '#')
