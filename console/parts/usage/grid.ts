import type { UsageLineView } from '../../../protocol/usage-view.ts'
import type { Grid, Values } from '../chart/series.ts'
import { STEPS } from './ranges.ts'
import type { Usage } from './usage.ts'

/** The parts of the time that a usage is of. */
export function gridOf({ since, until, asked }: Pick<Usage, 'since' | 'until' | 'asked'>): Grid {
  const step = STEPS[asked.step ?? '1d']
  const [from, to] = [Date.parse(since), Date.parse(until)]
  const parts = Math.max(1, Math.ceil((to - from) / step))
  return {
    since: from,
    until: to,
    step,
    starts: Array.from({ length: parts }, (_, part) => from + part * step),
  }
}

/** What these lines come to in each part; null in those that none is of. */
export function valuesOf(grid: Grid, lines: UsageLineView[], value: (line: UsageLineView) => number): Values {
  const values: Values = grid.starts.map(() => null)
  for (const line of lines) {
    const part = partOf(grid, line)
    if (part in values) values[part] = (values[part] ?? 0) + value(line)
  }
  return values
}

export const partOf = ({ since, step }: Grid, { at }: UsageLineView): number =>
  at === undefined ? -1 : Math.floor((Date.parse(at) - since) / step)

/** The latest part first, and the lines of a part as they came. */
export const latestFirst = (lines: UsageLineView[]): UsageLineView[] =>
  lines.toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))

const MINUTE_MS = 60_000

/** How many minutes of a part have passed: the last one is still going on. It counts as a minute at least. */
export function minutesOf({ until, step }: Grid, at: string | undefined): number {
  const passed = at === undefined ? step : Math.min(step, until - Date.parse(at))
  return Math.max(passed, MINUTE_MS) / MINUTE_MS
}
