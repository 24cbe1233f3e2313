import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { open, refuseFailure } from '../protocol/http.ts'
import type { LogLine } from '../protocol/log-line.ts'
import type { Api, ApiRequest } from '../sdk/api.ts'
import { UnreachableError } from '../sdk/errors.ts'
import { isUnanswered, PATIENCE, withRetries } from '../sdk/retry.ts'

/** Milliseconds between the end of one stream and the next, where lines are followed. */
const PAUSE = 500
/** Milliseconds by which a line may come after one that was written later. */
const LATENESS = 60_000
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
 * Goes on until it is aborted: a stream that breaks off, as a gateway or a restart makes it, is taken up again.
 * @throws UnreachableError · HttpError
 */
export async function followLogs(
  api: Api,
  { params, query }: LogRequest,
  onLine: OnLine,
  signal?: AbortSignal,
): Promise<void> {
  const given = new GivenLines()
  /** Who does not answer at all is not running; who has answered before is being restarted. */
  let patience = 0
  let isResumed = false
  const isOver = () => signal?.aborted === true
  while (!isOver()) {
    const attempt = async () => {
      let opened = false
      const fresh: OnLine = (line, json) => {
        if (given.isNew(line, json)) onLine(line, json)
      }
      const again = isResumed ? { since: given.resumeAt(query.since), tail: MOST_LINES } : {}
      const following = { params, query: { ...query, ...again, follow: true } }
      await stream(api, following, fresh, { signal, onOpen: () => (opened = true) }).catch((error) => {
        if (!isOver() && (!opened || !isUnanswered(error))) throw error
      })
      isResumed = true
    }
    await withRetries(attempt, { idempotent: true, patience }).catch(unreachable(api))
    patience = PATIENCE
    if (!isOver()) await sleep(PAUSE)
  }
}

/**
 * The lines that whoever follows has been given. A line may become readable after one that is later, since containers
 * hand over what they have gathered: so a stream is taken up again some time before its newest line, and what comes a
 * second time is told by its id.
 */
class GivenLines {
  /** Times by ids. */
  readonly #recent = new Map<string, string>()
  #oldest = ''
  #newest = ''

  isNew({ id, at }: LogLine, json: string): boolean {
    const name = id ?? json
    // What came before the first lines, whoever follows did not ask for.
    if (this.#recent.has(name) || at < this.#oldest) return false
    this.#recent.set(name, at)
    if (this.#oldest === '') this.#oldest = at
    if (at > this.#newest) this.#forgetBefore(at)
    return true
  }

  /** From when on lines are asked for again; what was asked for at first where none have come. */
  resumeAt(since: LogRequest['query']['since']): LogRequest['query']['since'] {
    if (this.#newest === '') return since
    const from = earlier(this.#newest, LATENESS)
    return typeof since === 'string' && since > from ? since : from
  }

  #forgetBefore(newest: string): void {
    this.#newest = newest
    const before = earlier(newest, 2 * LATENESS)
    for (const [name, at] of this.#recent) {
      if (at >= before) break
      this.#recent.delete(name)
    }
  }
}

const earlier = (time: string, ms: number): string => new Date(Date.parse(time) - ms).toISOString()

async function stream(
  api: Api,
  request: LogRequest,
  onLine: OnLine,
  { signal, onOpen }: { signal?: AbortSignal | undefined; onOpen?: () => void } = {},
): Promise<void> {
  const target = { method: 'GET', url: api.address('logs', request) }
  const exchange = { ...target, headers: await api.headersFor(target), signal }
  await open(exchange, async (incoming) => {
    const status = incoming.statusCode ?? 0
    if (status >= 400) refuseFailure({ status, headers: incoming.headers, body: await buffer(incoming) })
    onOpen?.()
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
