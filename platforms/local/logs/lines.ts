import type { LogQuery } from '../../../control/ports.ts'
import { LogLine } from '../../../protocol/runtime.ts'
import { LogHeader } from './files.ts'

/**
 * Makes a log line of a line of a file. What is no log line was not written by the runner's logger, such as its own last
 * words: it becomes a `system` line.
 * @param at when it was written, as far as that can be told.
 * @returns undefined for a header, which is not to be shown.
 */
export function toLogLine(text: string, header: LogHeader, at: string): LogLine | undefined {
  const content = parse(text)
  const line = LogLine.safeParse(content)
  if (line.success) return line.data
  return LogHeader.strict().safeParse(content).success
    ? undefined
    : { ...header, at, source: 'system', line: text }
}

export function toLogHeader(text: string): LogHeader | undefined {
  return LogHeader.safeParse(parse(text)).data
}

/** Whether a container's output can hold anything that is asked for. */
export function isWanted(header: LogHeader, query: LogQuery): boolean {
  return (
    // A file system that does not tell upper from lower case keeps two apps in one folder.
    header.app === query.app &&
    (query.function === undefined || header.function === query.function) &&
    (query.version === undefined || header.version === query.version)
  )
}

/** Whether a line is asked for; whoever reads does not go back beyond `since`. */
export function matches(line: LogLine, { until, call, source, search }: LogQuery): boolean {
  return (
    (until === undefined || Date.parse(line.at) <= until) &&
    (call === undefined || line.call === call) &&
    (source === undefined || line.source === source) &&
    (search === undefined || line.line.includes(search))
  )
}

function parse(text: string): unknown {
  // Most lines that are not JSON are told by their first character.
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
