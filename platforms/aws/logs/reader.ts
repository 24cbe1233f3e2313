import type { LogQuery } from '../../../control/log-port.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import type { ResourcesTable } from '../resources-table.ts'
import type { LogEvents } from './events.ts'
import { matches, patternOf, toLogLine } from './lines.ts'
import { type LogStream, streamsOf } from './streams.ts'

/** Milliseconds since the epoch, both inclusive. */
export interface Span {
  from: number
  to: number
}

export interface FoundLine {
  id: string
  /** When the log driver was given it: a little after `line.at`. */
  arrivedAt: number
  line: LogLine
}

interface ReaderParts {
  query: LogQuery
  table: ResourcesTable
  events: LogEvents
  /** Milliseconds since the epoch: nothing older is there. */
  keptSince: number
}

/** Reads the lines that a query asks for, by the time of their arrival. */
export class LogReader {
  readonly #query: LogQuery
  readonly #table: ResourcesTable
  readonly #events: LogEvents
  readonly #keptSince: number
  #streams = new Map<string, LogStream>()

  constructor({ query, table, events, keptSince }: ReaderParts) {
    this.#query = query
    this.#table = table
    this.#events = events
    this.#keptSince = keptSince
  }

  /** Looks for containers that have come since. */
  async refresh(): Promise<void> {
    const streams = await streamsOf(this.#table, this.#query, this.#keptSince)
    this.#streams = new Map(streams.map((stream) => [stream.name, stream]))
    this.#events.lookAnew()
  }

  /** When the first of what writes was started; nothing was written before. */
  get beginning(): number {
    return Math.min(...[...this.#streams.values()].map(({ startedAt }) => startedAt))
  }

  /** Oldest first. Undefined where there is more than so much to read. */
  async read(span: Span, mostEvents = Number.POSITIVE_INFINITY): Promise<FoundLine[] | undefined> {
    const found: FoundLine[] = []
    let events = 0
    for await (const event of this.#events.between([...this.#streams.keys()], span, patternOf(this.#query))) {
      events += 1
      if (events > mostEvents) return undefined
      const origin = this.#streams.get(event.stream)?.origin
      if (!origin) continue
      const line = toLogLine(event, origin)
      if (matches(line, this.#query)) found.push({ id: line.id, arrivedAt: event.timestamp, line })
    }
    return found.sort(byTime)
  }
}

/** What two processes wrote at the same time is there twice. */
export function withoutRepeats(lines: FoundLine[]): FoundLine[] {
  const ids = new Set<string>()
  return lines.filter(({ id }) => !ids.has(id) && ids.add(id))
}

export const byTime = (one: FoundLine, other: FoundLine): number =>
  Date.parse(one.line.at) - Date.parse(other.line.at)
