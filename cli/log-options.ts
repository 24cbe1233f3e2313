import { type Command, InvalidArgumentError, Option } from 'commander'
import type { LogLine } from '../protocol/runtime.ts'
import type { Api } from '../sdk/api.ts'
import { toSeconds } from '../sdk/durations.ts'
import type { CommonOptions } from './conventions.ts'
import { followLogs, MOST_LINES, type OnLine, readLogs } from './log-lines.ts'
import { print, printNote, styled } from './terminal.ts'
import { localTime } from './times.ts'

/** `Date.parse` alone takes a bare 10 for a month. */
const DATE = /^\d{4}-/

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
  timestamps?: true
}

export function withLogOptions(command: Command): Command {
  return command
    .option('-f, --follow', 'go on with new lines as they come')
    .option('--since <time>', 'from then on: 10m (ago), or 2026-01-31T06:00Z', parseTime)
    .option('--until <time>', 'up to then', parseTime)
    .option('-n, --tail <lines>', `the last so many lines (default: 100; with --since, all)`, parseTail)
    .addOption(
      new Option('--source <source>', 'where it was written to').choices(['stdout', 'stderr', 'system']),
    )
    .option('--search <text>', 'lines with this text')
    .option('--timestamps', 'show when each line was written')
}

/** Prints the lines that the options ask for, oldest first. */
export async function printLogs(
  api: Api,
  { app, env }: { app: string; env: string | undefined },
  { follow, json, timestamps, verbose, url, ...filter }: LogOptions,
): Promise<void> {
  const tail = filter.tail ?? (filter.since ? MOST_LINES : undefined)
  const request = { params: { app }, query: { ...filter, tail, env } }
  const onLine: OnLine = (line, text) => print(json ? text : shown(line, timestamps))
  if (follow) return followLogs(api, request, onLine)
  let found = false
  await readLogs(api, request, (line, text) => {
    found = true
    onLine(line, text)
  })
  if (!found && !json) printNote('There are no such lines.')
}

function shown({ at, line, source }: LogLine, timestamps: boolean | undefined): string {
  const text = source === 'system' ? styled('dim', line) : line
  return timestamps ? `${styled('dim', localTime(at))} ${text}` : text
}

function parseTime(text: string): string {
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  try {
    return new Date(Date.now() - toSeconds(text, 'time') * 1000).toISOString()
  } catch {
    throw new InvalidArgumentError(
      'Write how long ago, such as 10m or 2h, or a time such as 2026-01-31T06:00Z.',
    )
  }
}

function parseTail(text: string): number {
  const lines = Number(text)
  if (Number.isInteger(lines) && lines >= 1 && lines <= MOST_LINES) return lines
  throw new InvalidArgumentError(`Write a number from 1 to ${MOST_LINES}.`)
}
