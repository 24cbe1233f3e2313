import type { LogQuery } from '../../../control/log-port.ts'
import { LogLine } from '../../../protocol/log-line.ts'
import { LogHeader } from './files.ts'

/**
 * Makes a log line of a line of a file. What is no log line was not written by the runner's logger, such as its own last
 * words: it becomes a `system` line. Whose line it is the file says, whatever is in it.
 * @param place names the line: its file, and where in it the line begins
 * @param at when it was written, as far as that can be told.
 * @returns undefined for a header, which is not to be shown.
 */
export function toLogLine(text: string, header: LogHeader, place: string, at: string): LogLine | undefined {
  const content = parse(text)
  const { success, data } = LogLine.safeParse(content)
  // What the control plane wrote has a name already.
  if (success) return { ...data, ...header, id: (header.container === undefined && data.id) || place }
  return LogHeader.strict().safeParse(content).success
    ? undefined
    : { id: place, ...header, at, source: 'system', line: text }
}

export function toLogHeader(text: string): LogHeader | undefined {
  return LogHeader.safeParse(parse(text)).data
}

/** Whether a file can hold anything that is asked for. */
export function isWanted(header: LogHeader, query: LogQuery): boolean {
  // A file system that does not tell upper from lower case keeps two apps in one folder.
  if (header.app !== query.app) return false
  const isSystem = header.container === undefined
  if (isSystem) return query.call === undefined && (query.source ?? 'system') === 'system'
  return (
    (query.function === undefined || header.function === query.function) &&
    (query.version === undefined || header.version === query.version)
  )
}

export function matches(line: LogLine, query: LogQuery): boolean {
  const at = Date.parse(line.at)
  return (
    (query.since === undefined || at >= query.since) &&
    (query.until === undefined || at <= query.until) &&
    FIELDS.every((field) => query[field] === undefined || line[field] === query[field]) &&
    (query.search === undefined || line.line.includes(query.search))
  )
}

const FIELDS = ['function', 'version', 'container', 'call', 'source'] as const

function parse(text: string): unknown {
  // Most lines that are not JSON are told by their first character.
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
