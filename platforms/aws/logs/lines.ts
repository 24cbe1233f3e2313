import type { LogQuery } from '../../../control/log-port.ts'
import { LogLine } from '../../../protocol/log-line.ts'
import type { LogEvent } from './events.ts'
import type { Origin } from './streams.ts'

/** A plain id: one that needs no quoting in a pattern. */
const PLAIN = /^[\w-]+$/

/**
 * Makes a log line of an event. What is no log line was not written by the runner's logger, such as its own last words:
 * it becomes a `system` line. Whose line it is the stream says, whatever is in it.
 */
export function toLogLine({ id, message, timestamp }: LogEvent, origin: Origin): LogLine & { id: string } {
  const { success, data } = LogLine.safeParse(parse(message))
  // What the control plane wrote has a name already.
  if (success) return { ...data, ...origin, id: (origin.container === undefined && data.id) || id }
  return { id, ...origin, at: new Date(timestamp).toISOString(), source: 'system', line: message }
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

/**
 * Has CloudWatch leave out what does not match anyway, as far as it can tell: "Filter pattern syntax for metric filters,
 * subscription filters, filter log events, and Live Tail". Undefined where a line that is not JSON may be asked for.
 */
export function patternOf({ call, source }: LogQuery): string | undefined {
  const terms = Object.entries({ call, ...(source !== 'system' && { source }) })
    .filter(([, value]) => value !== undefined && PLAIN.test(value))
    .map(([field, value]) => `($.${field} = "${value}")`)
  return terms.length === 0 ? undefined : `{ ${terms.join(' && ')} }`
}

function parse(text: string): unknown {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
