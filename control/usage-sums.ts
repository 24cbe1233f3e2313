import { count, type Histogram, merge } from '../protocol/histogram.ts'
import { addUsage, noUsage, type UsageCounts } from '../protocol/usage.ts'
import type { ContainerLife, UsageRow } from './model.ts'
import { LEAST_BILLED_MS, type Prices, priceOfMs } from './prices.ts'
import type { UsageRange } from './usage-range.ts'

/** What containers' time went into. */
export const PHASES = ['starting', 'busy', 'idle', 'draining'] as const
export type Phase = (typeof PHASES)[number]

export interface UsageSum {
  counts: UsageCounts
  /** Milliseconds of containers, and dollars for them. */
  ms: Record<Phase, number>
  cost: Record<Phase, number>
  /** Containers that became ready, by what that took. */
  coldStarts: Histogram
}

/** What a function did at a version in a part of the range, and what that cost. */
export interface UsageCell extends UsageSum {
  /** When the part begins. */
  at: number
  function: string
  version: number
}

export interface Spent {
  rows: UsageRow[]
  lives: ContainerLife[]
}

/** Adds up what was reported and what containers lived, by part of the range, function and version. */
export function sumUsage(
  { rows, lives }: Spent,
  range: UsageRange,
  prices: Prices,
  now: number,
): UsageCell[] {
  const cells = new Cells(range)
  for (const row of rows) addUsage(cells.at(row, row.at).counts, row)
  for (const life of lives) addLife(cells, life, prices, now)
  const all = cells.all()
  for (const cell of all) splitReady(cell)
  return all
}

export const noSum = (): UsageSum => ({
  counts: noUsage(),
  ms: { starting: 0, busy: 0, idle: 0, draining: 0 },
  cost: { starting: 0, busy: 0, idle: 0, draining: 0 },
  coldStarts: {},
})

export function addSum(into: UsageSum, other: UsageSum): void {
  addUsage(into.counts, other.counts)
  merge(into.coldStarts, other.coldStarts)
  for (const phase of PHASES) {
    into.ms[phase] += other.ms[phase]
    into.cost[phase] += other.cost[phase]
  }
}

/** Time that a container is ready is counted as idle first. */
function addLife(cells: Cells, life: ContainerLife, prices: Prices, now: number): void {
  const { startedAt, readyAt, drainingAt, stoppedAt } = life
  const end = stoppedAt ?? now
  const price = priceOfMs(prices, life)
  const spend = (phase: Phase, from: number, to: number) => {
    for (const [at, ms] of cells.parts(from, to)) {
      const cell = cells.at(life, at)
      cell.ms[phase] += ms
      cell.cost[phase] += ms * price
    }
  }
  spend('starting', startedAt, readyAt ?? drainingAt ?? end)
  if (readyAt !== undefined) spend('idle', readyAt, drainingAt ?? end)
  if (drainingAt !== undefined) spend('draining', drainingAt, end)
  if (readyAt !== undefined && cells.includes(readyAt))
    count(cells.at(life, readyAt).coldStarts, readyAt - startedAt)
  if (stoppedAt === undefined) return
  for (const [at, ms] of cells.parts(stoppedAt, startedAt + LEAST_BILLED_MS))
    cells.at(life, at).cost.starting += ms * price
}

/** Of the time that containers were ready, what they reported to be at work. */
function splitReady({ counts, ms, cost }: UsageSum): void {
  const ready = ms.idle
  if (ready === 0) return
  ms.busy = Math.min(counts.busyMs, ready)
  ms.idle = ready - ms.busy
  const readyCost = cost.idle
  cost.busy = readyCost * (ms.busy / ready)
  cost.idle = readyCost - cost.busy
}

/** Those of a range, made as they are needed. */
class Cells {
  readonly #range: UsageRange
  readonly #cells = new Map<string, UsageCell>()

  constructor(range: UsageRange) {
    this.#range = range
  }

  includes(time: number): boolean {
    return time >= this.#range.since && time < this.#range.until
  }

  at({ function: name, version }: { function: string; version: number }, time: number): UsageCell {
    const { since, stepMs } = this.#range
    const at = time - ((time - since) % stepMs)
    const key = `${at}/${name}/${version}`
    const cell = this.#cells.get(key) ?? { at, function: name, version, ...noSum() }
    this.#cells.set(key, cell)
    return cell
  }

  /** The milliseconds between two times, by part of the range. */
  *parts(from: number, to: number): Generator<[at: number, ms: number]> {
    const { since, until, stepMs } = this.#range
    const last = Math.min(to, until)
    for (let at = Math.max(from, since); at < last; ) {
      const next = Math.min(last, at - ((at - since) % stepMs) + stepMs)
      yield [at, next - at]
      at = next
    }
  }

  all(): UsageCell[] {
    return [...this.#cells.values()]
  }
}
