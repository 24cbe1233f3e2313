import { type Narrowing, narrowed, type Plan } from './plan.ts'
import { isSame, type Run, runPlan } from './run.ts'

export interface Shrunk {
  narrowing: Narrowing
  run: Run
  /** How many runs it took. */
  runs: number
}

/** Seconds by which a fault may come earlier once others before it are left out. */
const SLACK = 0.02

/**
 * Leaves out single faults and steps, as long as the same promise is broken: what is left is what it takes.
 * @param most runs, after which what has been found so far is taken
 * @throws Error where the plan breaks no promise
 */
export async function shrink(plan: Plan, most: number): Promise<Shrunk> {
  const run = await runPlan(plan)
  const { broken } = run
  if (!broken) throw new Error(`Seed ${plan.seed} breaks no promise.`)
  const smallest: Shrunk = { narrowing: {}, run, runs: 1 }
  const stillBreaks = async (change: Narrowing): Promise<boolean> => {
    if (smallest.runs >= most) return false
    smallest.runs++
    const narrowing = { ...smallest.narrowing, ...change }
    const tried = await runPlan(narrowed(plan, narrowing))
    if (!tried.broken || !isSame(tried.broken, broken)) return false
    Object.assign(smallest, { narrowing, run: tried })
    return true
  }

  if (await stillBreaks({ only: run.faults })) await least(run.faults, (only) => stillBreaks({ only }))
  const { only } = smallest.narrowing
  if (only) await stillBreaks({ only: only.map(earlier) })
  const numbers = plan.steps.map(({ number }) => number)
  const steps = await least(numbers, (keep) => stillBreaks({ keep }))
  await least(smallest.narrowing.only ?? [], (fewer) => stillBreaks({ only: fewer }))
  await least(steps, (keep) => stillBreaks({ keep }))
  return smallest
}

const earlier = (fault: string): string =>
  fault.replace(
    /@([\d.]+)(\+\d+)?$/,
    (_, seconds: string) => `@${Math.max(0, Number(seconds) - SLACK).toFixed(3)}`,
  )

/** Delta debugging: leaves out halves, then quarters, then smaller parts, until no single item can be left out. */
async function least<Item>(
  all: readonly Item[],
  isEnough: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let items = all
  for (let size = Math.ceil(items.length / 2); size > 0 && items.length > 0; ) {
    const rest = await withoutPart(items, size, isEnough)
    if (rest) items = rest
    else if (size === 1) break
    else size = Math.ceil(size / 2)
    size = Math.min(size, items.length)
  }
  return items
}

/** The items without the first part of that size that is not needed. */
async function withoutPart<Item>(
  items: readonly Item[],
  size: number,
  isEnough: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  // What comes last was often not yet done when the promise broke.
  for (let end = items.length; end > 0; end -= size) {
    const rest = items.toSpliced(Math.max(0, end - size), Math.min(size, end))
    if (await isEnough(rest)) return rest
  }
  return undefined
}
