import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { LogQuery, Logs, SystemLine } from '../../../control/log-port.ts'
import type { Clock } from '../../../control/ports.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { systemClock } from '../clock.ts'
import { TaskRecords } from '../compute/task-records.ts'
import { type ResourcesTable, resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { LogEvents } from './events.ts'
import { newLines } from './follow.ts'
import { LogReader } from './reader.ts'
import { removeStream } from './removal.ts'
import { streamsOf } from './streams.ts'
import { SystemStreams } from './system-stream.ts'
import { lastLines } from './tail.ts'

export function makeLogs(settings: Settings): Logs {
  return new CloudWatchLogs({
    client: new CloudWatchLogsClient(CLIENT_SETTINGS),
    group: settings.logGroup,
    table: resourcesTable(settings),
    clock: systemClock,
    retentionDays: Number(settings.logRetentionDays),
  })
}

interface Parts {
  client: CloudWatchLogsClient
  group: string
  table: ResourcesTable
  clock: Clock
  /** What CloudWatch keeps: nothing older need be looked for. */
  retentionDays: number
}

const DAY_MS = 86_400_000

/**
 * What containers print becomes events of CloudWatch Logs, in a stream for each container; what the control plane says of
 * an app is in one more.
 */
export class CloudWatchLogs implements Logs {
  readonly #parts: Parts
  readonly #system: SystemStreams

  constructor(parts: Parts) {
    this.#parts = parts
    this.#system = new SystemStreams(parts.client, parts.group)
  }

  async write(key: AppKey, lines: SystemLine[]): Promise<void> {
    // A rollout does not wait for its story.
    await this.#system.write(key, lines).catch((error: unknown) => console.error('Not logged:', lines, error))
  }

  async remove(key: AppKey): Promise<void> {
    const { client, group, table } = this.#parts
    const records = new TaskRecords(table)
    for (const { name, origin } of await streamsOf(table, { ...key, tail: 0, follow: false }, 0)) {
      await removeStream(client, group, name)
      if (origin.container !== undefined) await records.remove(key, origin.container)
    }
  }

  async *read(query: LogQuery, signal?: AbortSignal): AsyncGenerator<LogLine> {
    try {
      yield* this.#read(query, signal)
    } catch (error) {
      if (!signal?.aborted) throw error
    }
  }

  async *#read(query: LogQuery, signal: AbortSignal | undefined): AsyncGenerator<LogLine> {
    const { client, group, table, clock, retentionDays } = this.#parts
    const keptSince = clock.now() - retentionDays * DAY_MS
    const reader = new LogReader({ query, table, events: new LogEvents(client, group, signal), keptSince })
    await reader.refresh()
    const from = clock.now()
    const given = await lastLines(reader, query, from)
    for (const { line } of given.slice(Math.max(0, given.length - query.tail))) yield line
    if (query.follow) yield* newLines(reader, { query, given, from, clock, signal })
  }
}
