import { type Narrowing, narrowed, planOf } from './plan.ts'
import type { Run } from './run.ts'
import type { BrokenSeed } from './seeds.ts'
import { shrink } from './shrink.ts'

/** What of a history is printed: how it began, and what happened at last. */
const FIRST_LINES = 30
const LAST_LINES = 40

/** Of a seed that breaks a promise: what little it takes, what happened, which promise, and how to see it again. */
export async function accountOf(
  { seed, isFatal }: Pick<BrokenSeed, 'seed' | 'isFatal'>,
  mostRuns: number,
): Promise<string> {
  if (isFatal) return `To see it again: ${commandOf(seed)}`
  const plan = planOf(seed)
  const { narrowing, run, runs } = await shrink(plan, mostRuns)
  const { length } = narrowed(plan, narrowing).steps
  const faults = `${run.faults.length} fault${run.faults.length === 1 ? '' : 's'}`
  return `Enough are ${length} of ${plan.steps.length} steps and ${faults}, as ${runs} runs have shown:

${endsOf(run)}

${run.broken?.error}

To see it again: ${commandOf(seed, narrowing)}
The whole of it: ${commandOf(seed)}`
}

function endsOf({ history: { lines } }: Run): string {
  if (lines.length <= FIRST_LINES + LAST_LINES) return lines.join('\n')
  return [...lines.slice(0, FIRST_LINES), '…', ...lines.slice(-LAST_LINES)].join('\n')
}

function commandOf(seed: number, { keep, without, only }: Narrowing = {}): string {
  const list = (option: string, items: readonly (number | string)[] | undefined) =>
    items ? ` --${option} '${items.join(',')}'` : ''
  const isAnyLeftOut = without !== undefined && without.length > 0
  const options =
    list('keep', keep) + list('without', isAnyLeftOut ? without : undefined) + list('only', only)
  return `scripts/simulate --seed ${seed}${options}`
}
