import { planOf } from './plan.ts'
import { type Broken, runPlan } from './run.ts'
import { addRun, noTotals, type Totals } from './totals.ts'

/** From the one to below the other. */
export interface SeedRange {
  from: number
  to: number
}

export interface Findings {
  /** How many runs there were. */
  runs: number
  totals: Totals
  /** The first seed that broke a promise. */
  broken?: BrokenSeed
}

export interface BrokenSeed {
  seed: number
  broken: Broken
  /** It took its process with it, and would do so again. */
  isFatal?: true
}

/** One after the other, up to the first that breaks a promise. */
export async function runSeeds({ from, to }: SeedRange, onBegin: (seed: number) => void): Promise<Findings> {
  const totals = noTotals()
  for (let seed = from; seed < to; seed++) {
    onBegin(seed)
    const { history, broken } = await runPlan(planOf(seed))
    addRun(totals, history)
    if (broken) return { runs: seed - from + 1, totals, broken: { seed, broken } }
  }
  return { runs: to - from, totals }
}
