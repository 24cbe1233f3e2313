import { requestJson } from '../protocol/http.ts'
import { PATHS, type PublicRoute } from '../protocol/paths.ts'
import type { RouteInput, RouteResponse } from '../protocol/routes.ts'
import { addressOf } from './address.ts'
import type { Unsigned } from './aws-signature.ts'
import type { Config } from './config.ts'
import { UnreachableError } from './errors.ts'
import { hasBrokenOff, isUnanswered, PATIENCE, withRetries } from './retry.ts'

/** Milliseconds for an answer that is not held back on purpose. */
const ANSWER_WITHIN = 30_000

/** Doing one of these twice changes nothing more. A call, or a run by hand, is one of them because it carries an idempotency key. */
const IDEMPOTENT: readonly PublicRoute[] = [
  'missingBlobs',
  'plan',
  'keepAlive',
  'changeAutoscaler',
  'call',
  'cancelCall',
  'stop',
  'stopContainer',
  'triggerSchedule',
  'pauseSchedule',
  'resumeSchedule',
  'revokeToken',
  'putEnvironment',
]

export interface ApiRequest<Id extends PublicRoute> {
  params?: Record<string, string | number>
  query?: Record<string, string | number | boolean | undefined>
  body?: RouteInput<Id>
}

/** The public API over HTTP, for those who know a control plane's address and hold a token. */
export class Api {
  readonly config: Config
  /** Once it has answered, its absence is a restart, and worth waiting for. */
  #answered: boolean

  /** @param options `eager`: give up at once where nobody answers the very first request */
  constructor(config: Config, options: { eager?: boolean } = {}) {
    this.config = config
    this.#answered = !options.eager
  }

  /** What tells the control plane who sends a request. */
  async headersFor(request: Unsigned): Promise<Record<string, string>> {
    const { aws, token } = this.config
    if (aws) {
      // Loaded where it is asked for: most requests carry a token.
      const { awsHeaders } = await import('./aws-signature.ts')
      return awsHeaders(request, aws)
    }
    return token ? { authorization: `Bearer ${token}` } : {}
  }

  address(route: PublicRoute, { params, query }: Pick<ApiRequest<PublicRoute>, 'params' | 'query'>): string {
    return addressOf(this.config.url, route, params, query)
  }

  /**
   * Retries what passes: refused and broken connections, and answers of 5xx where sending twice does no harm.
   * @throws HttpError what the API refused · UnreachableError nobody answers
   */
  async send<Id extends PublicRoute>(route: Id, request: ApiRequest<Id> = {}): Promise<RouteResponse<Id>> {
    const { method } = PATHS[route]
    const idempotent = method === 'GET' || IDEMPOTENT.includes(route)
    try {
      const answer = await withRetries(() => this.#exchange(route, request), {
        idempotent,
        patience: this.#answered ? PATIENCE : 0,
      })
      this.#answered = true
      return answer
    } catch (error) {
      // Who held the answer back until the connection broke was there, and is being restarted.
      if (!this.#answered && idempotent && heldFor(request) > 0 && hasBrokenOff(error)) {
        this.#answered = true
        return this.send(route, request)
      }
      throw isUnanswered(error) ? new UnreachableError(this.config.url, error) : error
    }
  }

  async #exchange<Id extends PublicRoute>(route: Id, request: ApiRequest<Id>): Promise<RouteResponse<Id>> {
    const { method } = PATHS[route]
    const url = this.address(route, request)
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    return requestJson({
      method,
      url,
      headers: await this.headersFor({ method, url, body }),
      json: request.body,
      timeoutMs: ANSWER_WITHIN + heldFor(request) * 1000,
    })
  }
}

/** Seconds that the server was asked to hold its answer. */
function heldFor({ query, body }: { query?: Record<string, unknown>; body?: unknown }): number {
  const wait = query?.wait ?? (body as { wait?: number } | undefined)?.wait
  return typeof wait === 'number' ? wait : 0
}
