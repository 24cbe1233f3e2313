import { type Command, InvalidArgumentError, Option } from 'commander'
import type { LogLine } from '../protocol/log-line.ts'
import { nearest } from '../protocol/nearest.ts'
import type { Api } from '../sdk/api.ts'
import type { CommonOptions } from './conventions.ts'
import { type LogColumn, LogPrinter, mixedColumns, openColumns, parseColumns } from './log-columns.ts'
import { followLogs, MOST_LINES, readLogs } from './log-lines.ts'
import { parseTime } from './parse-time.ts'
import { print, printNote } from './terminal.ts'

/** What commands that print logs take. */
export interface LogOptions extends CommonOptions {
  follow?: true
  since?: string
  until?: string
  tail?: number
  function?: string
  call?: string
  container?: string
  source?: LogLine['source']
  version?: number
  search?: string
  columns?: LogColumn[]
  timestamps?: true
}

export function withLogOptions(command: Command): Command {
  return command
    .addOption(new Option('-f, --follow', 'go on with new lines as they come').conflicts('until'))
    .option('--since <time>', 'from then on: 10m (ago), or 2026-01-31T06:00Z', parseTime)
    .option('--until <time>', 'up to then', parseTime)
    .option('-n, --tail <lines>', 'the last so many lines (default: 100; with --since, all)', parseTail)
    .addOption(
      new Option('-s, --source <source>', 'where it was written to').choices(['stdout', 'stderr', 'system']),
    )
    .option('--call <id>', 'lines of this call')
    .option('--search <text>', 'lines with this text')
    .option('--timestamps', 'show when each line was written')
    .option(
      '--columns <names>',
      'show before each line: source, function, version, container, call; all, or none (default: function and version, where they differ)',
      parseColumns,
    )
}

/** Prints the lines that the options ask for, oldest first. */
export async function printLogs(
  api: Api,
  { app, env }: { app: string; env: string | undefined },
  { follow, json, timestamps, columns, verbose, url, ...filter }: LogOptions,
): Promise<void> {
  const tail = filter.tail ?? (filter.since ? MOST_LINES : undefined)
  const request = { params: { app }, query: { ...filter, tail, env } }
  if (follow) {
    const printer = new LogPrinter({
      columns: columns ?? openColumns(filter),
      timestamps: timestamps === true,
    })
    return followLogs(api, request, (line, text) => print(json ? text : printer.shown(line)))
  }
  if (json) return readLogs(api, request, (_, text) => print(text))
  const lines: LogLine[] = []
  await readLogs(api, request, (line) => lines.push(line))
  const printer = new LogPrinter({ columns: columns ?? mixedColumns(lines), timestamps: timestamps === true })
  printer.measure(lines)
  for (const line of lines) print(printer.shown(line))
  if (lines.length === 0) printNote(await whyNone(api, request.params, request.query))
}

/** A function's name may be mistyped; but it may be one of an older version, too. */
async function whyNone(
  api: Api,
  params: { app: string },
  { env, function: name }: { env: string | undefined; function?: string },
): Promise<string> {
  const none = 'There are no such lines.'
  if (name === undefined) return none
  const { functions } = await api.send('getApp', { params, query: { env } })
  const names = functions.map((one) => one.name)
  if (names.length === 0 || names.includes(name)) return none
  const near = nearest(name, names)
  return near ? `${none} Did you mean --function ${near}?` : `${none} ${params.app} has ${names.join(', ')}.`
}

function parseTail(text: string): number {
  const lines = Number(text)
  if (Number.isInteger(lines) && lines >= 1 && lines <= MOST_LINES) return lines
  throw new InvalidArgumentError(`Write a number from 1 to ${MOST_LINES}.`)
}
