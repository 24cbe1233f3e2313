import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'

/** What one request may name. */
const MOST_STREAMS = 100

export interface LogEvent {
  id: string
  stream: string
  timestamp: number
  message: string
}

interface Filter {
  /** Milliseconds since the epoch, both inclusive. */
  startTime: number
  endTime: number
  filterPattern?: string
}

/** The events of a log group, for one reader. */
export class LogEvents {
  readonly #client: CloudWatchLogsClient
  readonly #group: string
  readonly #signal: AbortSignal | undefined
  /** A container that has not written yet, or never did, has no stream. */
  #absent = new Set<string>()

  constructor(client: CloudWatchLogsClient, group: string, signal: AbortSignal | undefined) {
    this.#client = client
    this.#group = group
    this.#signal = signal
  }

  /** In no particular order. */
  async *between(
    streams: string[],
    { from, to }: { from: number; to: number },
    filterPattern?: string,
  ): AsyncGenerator<LogEvent> {
    const filter = { startTime: from, endTime: to, ...(filterPattern !== undefined && { filterPattern }) }
    const present = streams.filter((stream) => !this.#absent.has(stream))
    for (let first = 0; first < present.length; first += MOST_STREAMS) {
      yield* this.#read(present.slice(first, first + MOST_STREAMS), filter)
    }
  }

  /** Streams that were not there may be by now. */
  lookAnew(): void {
    this.#absent = new Set()
  }

  /** One name that means nothing, and the whole request is refused without saying which. */
  async *#read(streams: string[], filter: Filter): AsyncGenerator<LogEvent> {
    try {
      yield* this.#pages(streams, filter)
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
      if (streams.length === 1) {
        for (const stream of streams) this.#absent.add(stream)
        return
      }
      const half = Math.ceil(streams.length / 2)
      yield* this.#read(streams.slice(0, half), filter)
      yield* this.#read(streams.slice(half), filter)
    }
  }

  async *#pages(logStreamNames: string[], filter: Filter): AsyncGenerator<LogEvent> {
    const pages = paginateFilterLogEvents(
      { client: this.#client },
      { logGroupName: this.#group, logStreamNames, ...filter },
      this.#signal && { abortSignal: this.#signal },
    )
    for await (const { events = [] } of pages) {
      for (const { eventId = '', logStreamName = '', timestamp = 0, message = '' } of events) {
        yield { id: eventId, stream: logStreamName, timestamp, message }
      }
    }
  }
}
