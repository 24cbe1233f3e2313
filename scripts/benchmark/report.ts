import type { Row } from './rounds.ts'
import type { Spread } from './spread.ts'

export const HEAD = ['', '', 'median', 'least to most', 'x the limit', 'Sluice / it'] as const

/** The rows of one group as cells, each measure named once. */
export function cellsOf(rows: Row[]): string[][] {
  return rows.map((row, i) => {
    const { measure, unit, contestant, value, toLimit, oursToIt, digits } = row
    const isFirst = rows[i - 1]?.measure !== measure
    return [
      isFirst ? `${measure}, ${unit}` : '',
      contestant,
      figure(value.median, digits),
      `${figure(value.min, digits)} to ${figure(value.max, digits)}`,
      ratio(toLimit),
      ratio(oursToIt),
    ]
  })
}

export function figure(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function ratio(spread: Spread | undefined): string {
  if (!spread || spread.of === 0) return ''
  const { median, min, max } = spread
  return `${short(median)} (${short(min)} to ${short(max)})`
}

/** Three digits or so: more would claim too much. */
export const short = (value: number): string => figure(value, value >= 100 ? 0 : value >= 10 ? 1 : 2)
