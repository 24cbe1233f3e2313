import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { Clock, LogQuery, Logs } from '../../../control/ports.ts'
import type { LogLine } from '../../../protocol/runtime.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { systemClock } from '../clock.ts'
import { type ResourcesTable, resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { LogEvents } from './events.ts'
import { newLines } from './follow.ts'
import { LogReader } from './reader.ts'
import { lastLines } from './tail.ts'

export function makeLogs(settings: Settings): Logs {
  return new CloudWatchLogs({
    client: new CloudWatchLogsClient(CLIENT_SETTINGS),
    group: settings.logGroup,
    table: resourcesTable(settings),
    clock: systemClock,
  })
}

interface Parts {
  client: CloudWatchLogsClient
  group: string
  table: ResourcesTable
  clock: Clock
}

/** What containers print becomes events of CloudWatch Logs, in a stream for each container. */
export class CloudWatchLogs implements Logs {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async *read(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogLine> {
    try {
      yield* this.#read(query, signal)
    } catch (error) {
      if (!signal?.aborted) throw error
    }
  }

  async *#read(query: LogQuery, signal: AbortSignal | undefined): AsyncGenerator<LogLine> {
    const { client, group, table, clock } = this.#parts
    const reader = new LogReader({ query, table, events: new LogEvents(client, group, signal) })
    await reader.refresh()
    const from = clock.now()
    const given = await lastLines(reader, query, from)
    for (const { line } of given.slice(Math.max(0, given.length - query.tail))) yield line
    if (query.follow) yield* newLines(reader, { query, given, from, clock, signal })
  }
}
