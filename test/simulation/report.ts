import { missingAmong } from './must-occur.ts'
import type { Totals } from './totals.ts'

/** Runs below which it may be chance that something did not occur. */
export const ENOUGH_RUNS = 1_000

const TITLES = {
  action: 'What people and programs asked for, and what they were told',
  fault: 'What went wrong',
  event: 'What became of it',
  port: 'What the ports answered',
} as const
/** Between what was done and how it came out. */
const SEPARATOR = ': '

/** How often everything occurred, as text for people. */
export function reportOf(totals: Totals, runs: number): string {
  const listed = (kind: 'fault' | 'event') =>
    sorted(totals[kind]).map(([name, { times, runs: within }]) => [name, counted(times), share(within, runs)])
  return [
    section(TITLES.action, grouped(totals.action)),
    section(TITLES.fault, [['', 'times', 'of runs'], ...listed('fault')]),
    section(TITLES.event, [['', 'times', 'of runs'], ...listed('event')]),
    section(TITLES.port, grouped(totals.port)),
  ].join('\n\n')
}

/** What has to occur in so many runs, and did not. */
export function missingIn(totals: Totals, runs: number): string[] {
  if (runs < ENOUGH_RUNS) return []
  const occurred = new Set(Object.values(totals).flatMap((kind) => [...kind.keys()]))
  return missingAmong(occurred)
}

/** A line for each thing that was done, with how it came out. */
function grouped(kind: Totals['action']): string[][] {
  const outcomes = Map.groupBy(sorted(kind), ([name]) => name.split(SEPARATOR)[0])
  return [...outcomes].map(([name = '', those]) => [
    name,
    those
      .map(([full, { times }]) => `${full.slice(name.length + SEPARATOR.length)} ${counted(times)}`)
      .join(', '),
  ])
}

const sorted = (kind: Totals['action']) => [...kind].sort(([a], [b]) => a.localeCompare(b, 'en'))

const counted = (times: number): string => times.toLocaleString('en')

/** Rounded down: what is seldom is not nothing. */
const share = (part: number, whole: number): string =>
  part * 100 < whole ? '< 1 %' : `${Math.floor((part * 100) / whole)} %`

/** Names to the left, numbers to the right; of the last column of words no end is filled. */
function section(title: string, rows: string[][]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? []
  const isNumber = (cell: string) => /^[\d,]+$|%$|^times$|^of runs$/.test(cell)
  const line = (row: string[]) =>
    row
      .map((cell, i) => (isNumber(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
  return [title, ...rows.map((row) => `  ${line(row)}`.trimEnd())].join('\n')
}
