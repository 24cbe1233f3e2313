import { type Narrowing, narrowed, planOf } from './plan.ts'
import type { Run } from './run.ts'
import { shrink } from './shrink.ts'

/** How much of a history is printed. */
const LAST_LINES = 60

/** Of a seed that breaks a promise: what little it takes, what happened at last, which promise, and how to see it again. */
export async function accountOf(seed: number, mostRuns: number): Promise<string> {
  const plan = planOf(seed)
  const { narrowing, run, runs } = await shrink(plan, mostRuns)
  const { length } = narrowed(plan, narrowing).steps
  const faults = `${run.faults.length} fault${run.faults.length === 1 ? '' : 's'}`
  return `Enough are ${length} of ${plan.steps.length} steps and ${faults}, as ${runs} runs have shown:

${lastOf(run)}

${run.broken?.error}

To see it again: ${commandOf(seed, narrowing)}
The whole of it: ${commandOf(seed)}`
}

function lastOf({ history: { lines } }: Run): string {
  const last = lines.slice(-LAST_LINES).join('\n')
  return lines.length > LAST_LINES ? `…\n${last}` : last
}

function commandOf(seed: number, { keep, without, only }: Narrowing = {}): string {
  const list = (option: string, items: readonly (number | string)[] | undefined) =>
    items ? ` --${option} '${items.join(',')}'` : ''
  const isAnyLeftOut = without !== undefined && without.length > 0
  const options =
    list('keep', keep) + list('without', isAnyLeftOut ? without : undefined) + list('only', only)
  return `scripts/simulate --seed ${seed}${options}`
}
