import { findApp } from '../../control/find.ts'
import type { Logs } from '../../control/log-port.ts'
import type { Needs } from '../../control/ports.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { LOG_ROUTES } from '../../protocol/log-routes.ts'
import { changeEvents } from '../change-events.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

export type LogsPorts = Needs<'changes' | 'clock' | 'keys' | 'store'> & { logs: Pick<Logs, 'read'> }

/** What containers wrote, and that something has changed. */
export function makeLogsHandler(ports: LogsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'logs', LogsPorts>(LOG_ROUTES, ports, { logs, changes }, report)
}

const logs: RouteHandler<'logs', LogsPorts> = async (ports, { params, query }) => {
  const { env, since, until, ...filter } = query
  if (since !== undefined && until !== undefined && Date.parse(until) < Date.parse(since)) throw turned()
  const app = await findApp(ports, { env, app: params.app })
  const wanted = {
    ...filter,
    env: app.env,
    app: app.app,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
  }
  return { lines: ndjson((signal) => ports.logs.read(wanted, signal)) }
}

const changes: RouteHandler<'changes', LogsPorts> = async (ports, { query: { env, app } }) => {
  if (ports.changes) return { lines: changeEvents(ports.changes.listen(env, app)) }
  throw new SluiceError(
    'not_streamed',
    'This installation does not say when something changes. Ask from time to time for what you show.',
  )
}

function turned(): SluiceError {
  const message = 'must not be before since'
  return new SluiceError('invalid_request', `until ${message}.`, [{ path: 'query.until', message }])
}

/**
 * One line of JSON for each item, read once someone iterates. Giving up aborts the read: a generator that waits for its
 * next item would not hear of it otherwise.
 */
function ndjson<Item>(read: (signal: AbortSignal) => AsyncIterable<Item>): AsyncIterable<string> {
  return {
    [Symbol.asyncIterator]() {
      const abandoned = new AbortController()
      const items = read(abandoned.signal)[Symbol.asyncIterator]()
      return {
        async next() {
          const { done, value } = await items.next()
          return done ? { done, value: undefined } : { done: false, value: `${JSON.stringify(value)}\n` }
        },
        async return() {
          abandoned.abort()
          await items.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
