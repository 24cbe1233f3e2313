import { type Counts, type History, KINDS, type Kind } from './history.ts'

interface Total {
  times: number
  /** In how many runs it occurred. */
  runs: number
}

/** What occurred in many runs, by kind and name. */
export type Totals = Record<Kind, Map<string, Total>>

export const noTotals = (): Totals => ({
  action: new Map(),
  fault: new Map(),
  event: new Map(),
  port: new Map(),
})

export function addRun(totals: Totals, { counts }: { counts: Counts } | History): void {
  for (const kind of KINDS)
    for (const [name, times] of counts[kind]) add(totals[kind], name, { times, runs: 1 })
}

export function addTotals(totals: Totals, others: Totals): void {
  for (const kind of KINDS) for (const [name, total] of others[kind]) add(totals[kind], name, total)
}

function add(totals: Map<string, Total>, name: string, { times, runs }: Total): void {
  const known = totals.get(name) ?? { times: 0, runs: 0 }
  totals.set(name, { times: known.times + times, runs: known.runs + runs })
}
