import { QueryCommand } from 'dynamodb-toolbox/table/actions/query'
import type { LogQuery } from '../../../control/log-port.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import type { ResourcesTable } from '../resources-table.ts'
import { systemStream } from './system-stream.ts'

/** What the stacks have the log driver put before a task's id: its prefix, and the name of the container. */
/** Begins the streams of containers' tasks. */
export const STREAM_PREFIX = 'run/runner/'
const ITEM_PREFIX = 'task#'

export type Origin = Pick<LogLine, 'env' | 'app' | 'function' | 'version' | 'container'>

/** A container's log, or that of the app itself. */
export interface LogStream {
  name: string
  origin: Origin
  startedAt: number
}

/**
 * The logs that can hold anything that is asked for, by what the port `Compute` has written down of its tasks.
 * @param keptSince when the oldest line was written that is still there
 */
export async function streamsOf(
  table: ResourcesTable,
  query: LogQuery,
  keptSince: number,
): Promise<LogStream[]> {
  const { env, app, container } = query
  const { Items = [] } = await table
    .build(QueryCommand)
    .query({ partition: `${env}/${app}`, range: { beginsWith: `${ITEM_PREFIX}${container ?? ''}` } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send()
  const ofContainers = Items.map((item) => toStream(query, item)).filter((stream) => isWanted(stream, query))
  const isOfSystem = query.call === undefined && (query.source ?? 'system') === 'system'
  return [...ofContainers, ...(isOfSystem ? [ofSystem(query, keptSince)] : [])]
}

function ofSystem({ env, app }: LogQuery, startedAt: number): LogStream {
  return { name: systemStream({ env, app }), origin: { env, app }, startedAt }
}

function toStream({ env, app }: LogQuery, item: Record<string, unknown>): LogStream {
  const origin = {
    env,
    app,
    function: String(item.function),
    version: Number(item.version),
    container: String(item.item).slice(ITEM_PREFIX.length),
  }
  return { name: `${STREAM_PREFIX}${item.task}`, origin, startedAt: Number(item.startedAt) }
}

function isWanted({ origin, startedAt }: LogStream, query: LogQuery): boolean {
  return (
    (query.function === undefined || origin.function === query.function) &&
    (query.version === undefined || origin.version === query.version) &&
    (query.container === undefined || origin.container === query.container) &&
    (query.until === undefined || startedAt <= query.until)
  )
}
