import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { open, refuseFailure } from '../protocol/http.ts'
import type { LogLine } from '../protocol/runtime.ts'
import type { Api, ApiRequest } from '../sdk/api.ts'
import { UnreachableError } from '../sdk/errors.ts'
import { isUnanswered, PATIENCE, withRetries } from '../sdk/retry.ts'

/** Milliseconds between the end of one stream and the next, where lines are followed. */
const PAUSE = 500
/** As many as the API gives: of what came in a gap, all is wanted. */
export const MOST_LINES = 20_000

export type LogRequest = Required<Pick<ApiRequest<'logs'>, 'params' | 'query'>>
/** @param json the line as the API wrote it */
export type OnLine = (line: LogLine, json: string) => void

/** @throws UnreachableError · HttpError */
export async function readLogs(api: Api, request: LogRequest, onLine: OnLine): Promise<void> {
  await stream(api, request, onLine).catch(unreachable(api))
}

/**
 * Goes on until the process ends: a stream that breaks off, as a gateway or a restart makes it, is taken up again.
 * @throws UnreachableError · HttpError
 */
export async function followLogs(api: Api, { params, query }: LogRequest, onLine: OnLine): Promise<never> {
  const newest = new NewestLines()
  /** Who does not answer at all is not running; who has answered before is being restarted. */
  let patience = 0
  for (;;) {
    const attempt = async () => {
      let opened = false
      const isRepeated = newest.repeated()
      const since = newest.at ? { since: newest.at, tail: MOST_LINES } : {}
      const fresh: OnLine = (line, json) => {
        if (isRepeated(json)) return
        newest.add(line, json)
        onLine(line, json)
      }
      await stream(api, { params, query: { ...query, ...since, follow: true } }, fresh, () => {
        opened = true
      }).catch((error) => {
        if (!opened || !isUnanswered(error)) throw error
      })
    }
    await withRetries(attempt, { idempotent: true, patience }).catch(unreachable(api))
    patience = PATIENCE
    await sleep(PAUSE)
  }
}

/** The lines of the newest moment: a stream that is asked for from then on begins with them once more. */
class NewestLines {
  at = ''
  #lines: string[] = []

  add({ at }: LogLine, json: string): void {
    if (at > this.at) this.#lines = []
    if (at >= this.at) this.#lines.push(json)
    if (at > this.at) this.at = at
  }

  /** Tells for each line of the next stream whether it is one of them; each counts once. */
  repeated(): (json: string) => boolean {
    const left = [...this.#lines]
    return (json) => left.includes(json) && left.splice(left.indexOf(json), 1).length > 0
  }
}

async function stream(api: Api, request: LogRequest, onLine: OnLine, onOpen = () => {}): Promise<void> {
  const target = { method: 'GET', url: api.address('logs', request) }
  const exchange = { ...target, headers: await api.headersFor(target) }
  await open(exchange, async (incoming) => {
    const status = incoming.statusCode ?? 0
    if (status >= 400) refuseFailure({ status, headers: incoming.headers, body: await buffer(incoming) })
    onOpen()
    for await (const json of linesOf(incoming)) onLine(JSON.parse(json), json)
  })
}

const unreachable =
  (api: Api) =>
  (error: unknown): never => {
    throw isUnanswered(error) ? new UnreachableError(api.config.url, error) : error
  }

async function* linesOf(incoming: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  for await (const text of incoming.setEncoding('utf8')) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
}
