import { InvalidArgumentError } from 'commander'
import type { LogLine } from '../protocol/log-line.ts'
import { styled } from './terminal.ts'
import { localTime } from './times.ts'
import { visible } from './visible.ts'

const COLUMNS = ['source', 'function', 'version', 'container', 'call'] as const
export type LogColumn = (typeof COLUMNS)[number]

/** Those that are shown unasked, where they tell lines apart. */
const TELLING = ['function', 'version'] as const

export interface Layout {
  columns: readonly LogColumn[]
  timestamps: boolean
}

/** The columns in which these lines differ. */
export function mixedColumns(lines: readonly LogLine[]): LogColumn[] {
  const differs = (column: LogColumn) => new Set(lines.flatMap((line) => line[column] ?? [])).size > 1
  return TELLING.filter(differs)
}

/** The columns in which lines to come may differ: those that were not filtered by. */
export function openColumns(filter: Partial<Pick<LogLine, LogColumn>>): LogColumn[] {
  if (filter.container !== undefined || filter.call !== undefined) return []
  return TELLING.filter((column) => filter[column] === undefined)
}

/** Sets lines below each other; a column grows with what it has held so far. */
export class LogPrinter {
  readonly #layout: Layout
  readonly #widths = new Map<LogColumn, number>()

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** Has the columns be as wide as these lines need from the first on. */
  measure(lines: readonly LogLine[]): void {
    for (const line of lines) for (const column of this.#layout.columns) this.#cell(column, line)
  }

  shown(line: LogLine): string {
    const isOwn = line.source === 'system'
    const text = visible(line.line, !isOwn && hasColours())
    const cells = this.#layout.columns.map((column) => this.#cell(column, line))
    const time = this.#layout.timestamps ? [localTime(line.at)] : []
    const margin = [...time, ...(cells.length > 0 ? [`${cells.join(' ')} |`] : [])].join(' ')
    const shown = isOwn ? styled('dim', text) : text
    return margin === '' ? shown : `${styled('dim', margin)} ${shown}`
  }

  #cell(column: LogColumn, line: LogLine): string {
    const value = line[column]
    const text = value === undefined ? '' : column === 'version' ? `v${value}` : String(value)
    const width = Math.max(text.length, this.#widths.get(column) ?? 0)
    this.#widths.set(column, width)
    return text.padEnd(width)
  }
}

/** @throws InvalidArgumentError */
export function parseColumns(text: string): LogColumn[] {
  if (text === 'none') return []
  if (text === 'all') return [...COLUMNS]
  const asked = text.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !COLUMNS.some((column) => column === name))
  if (unknown === undefined) return COLUMNS.filter((column) => asked.includes(column))
  throw new InvalidArgumentError(
    `There is no column "${unknown}". Write some of ${COLUMNS.join(', ')}, with commas between, or all, or none.`,
  )
}

/** As `styled` decides it. */
const hasColours = (): boolean => styled('dim', ' ') !== ' '
