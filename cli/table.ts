import Table from 'cli-table3'
import { styled } from './terminal.ts'
import { visible } from './visible.ts'

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((part) => [part, '']),
)
const GAP = '   '

/** A heading, and what each row shows under it; undefined is shown as nothing. */
export type Column<Row> = [heading: string, cell: (row: Row) => string | number | undefined]

/** Rows in columns, each one line, whatever somebody has written into it. A column that has nothing to show is left out. */
export function table<Row>(rows: Row[], columns: Column<Row>[]): string {
  const shown = columns.filter(
    ([, cell]) => rows.length === 0 || rows.some((row) => (cell(row) ?? '') !== ''),
  )
  const grid = new Table({
    head: shown.map(([heading]) => styled('bold', heading)),
    chars: { ...NO_BORDERS, middle: GAP },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  })
  grid.push(...rows.map((row) => shown.map(([, cell]) => inOneLine(String(cell(row) ?? '')))))
  const lines = grid.toString().split('\n')
  return lines.map((line) => line.trimEnd()).join('\n')
}

const inOneLine = (text: string): string => visible(text.replaceAll('\n', ' '), true)
