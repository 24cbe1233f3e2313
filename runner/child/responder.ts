import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { otherVersion, VERSION_HEADER } from '../../protocol/version-header.ts'
import { withinUpgrade } from './current-upgrade.ts'
import { type Refused, refuse } from './refusal.ts'
import { toRequest } from './to-request.ts'
import type { Upgrade } from './upgrade.ts'

const FAILED = 'The function failed. Its log says why.'

export interface ResponderNeeds {
  version: number
  /** Seconds until a response must have ended. */
  timeout: number
  handler: (request: Request) => unknown
  onThrown: (thrown: unknown) => void
}

/** What is known of a request beside what it says. */
export interface Arrival {
  upgrade?: Upgrade
  /** Who sent it, where that was asked. */
  caller: string | undefined
}

/** Answers requests by the author's handler, each within its time. */
export class Responder {
  readonly #needs: ResponderNeeds
  readonly #arrivals = new WeakMap<ServerResponse, Arrival>()
  readonly #listener: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  #isDraining = false

  constructor(needs: ResponderNeeds) {
    this.#needs = needs
    // Ours writes responses only; the requests are made in toRequest.
    this.#listener = getRequestListener(
      (_request, { incoming, outgoing }) =>
        this.#respond(incoming as IncomingMessage, outgoing as ServerResponse),
      { overrideGlobalObjects: false, hostname: 'localhost', errorHandler: (error) => this.#failed(error) },
    )
  }

  answer(incoming: IncomingMessage, outgoing: ServerResponse, arrival: Arrival): void {
    if (outgoing.destroyed) return
    this.#arrivals.set(outgoing, arrival)
    outgoing.setHeader(VERSION_HEADER, this.#needs.version)
    this.#listener(incoming, outgoing)
  }

  /** Answers whom the author's code need not see. */
  refuse(outgoing: ServerResponse, verdict: Refused): void {
    outgoing.setHeader(VERSION_HEADER, this.#needs.version)
    if (this.#isDraining) outgoing.setHeader('connection', 'close')
    refuse(outgoing, verdict)
  }

  /** From now on a client that has its answer should connect anew, to whoever serves then. */
  drain(): void {
    this.#isDraining = true
  }

  async #respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Response> {
    const { upgrade, caller } = this.#arrivals.get(outgoing) ?? {}
    const abort = new AbortController()
    const late = Promise.withResolvers<Response>()
    const timer = setTimeout(() => {
      if (upgrade?.isAccepted) return
      if (outgoing.headersSent) outgoing.destroy()
      late.resolve(problem(504, `The function did not answer within ${this.#needs.timeout} s.`))
      abort.abort(new DOMException('The request took longer than its timeout.', 'TimeoutError'))
    }, this.#needs.timeout * 1000)
    outgoing.once('close', () => {
      clearTimeout(timer)
      if (!outgoing.writableFinished) abort.abort(new DOMException('The client has gone.', 'AbortError'))
    })
    const request = this.#requestOf(incoming, abort.signal, caller)
    if (request instanceof Response) return request
    const refusal = this.#refuseForeign(request)
    if (refusal) return this.#stamp(refusal)
    const response = await Promise.race([this.#handle(request, upgrade), late.promise])
    if (upgrade?.isAccepted) return RESPONSE_ALREADY_SENT
    return this.#stamp(response)
  }

  async #handle(request: Request, upgrade: Upgrade | undefined): Promise<Response> {
    const { handler, onThrown } = this.#needs
    try {
      const answer = await (upgrade ? withinUpgrade(upgrade, () => handler(request)) : handler(request))
      if (answer instanceof Response) return answer
      throw new TypeError(`The handler answered ${describe(answer)} instead of a Response.`)
    } catch (thrown) {
      // Nobody is there to be told that nobody is there.
      if (thrown !== request.signal.reason) onThrown(thrown)
      return problem(500, FAILED)
    }
  }

  /** A load balancer sends a request that asks for another version here where it knows of none. */
  #refuseForeign({ headers }: Request): Response | undefined {
    const asked = headers.get(VERSION_HEADER)
    const own = String(this.#needs.version)
    return asked === null || asked === own ? undefined : problem(404, otherVersion(asked, [own]))
  }

  /** Outside of the handler: the address could not be read, or the response not be written. */
  #failed(error: unknown): Response {
    if (error instanceof RequestError) return this.#refuse(error)
    this.#needs.onThrown(error)
    return this.#stamp(problem(500, FAILED))
  }

  #requestOf(incoming: IncomingMessage, signal: AbortSignal, caller: string | undefined): Request | Response {
    try {
      return toRequest(incoming, signal, caller)
    } catch (error) {
      return this.#refuse(error)
    }
  }

  #refuse(error: unknown): Response {
    const message = error instanceof Error ? error.message : String(error)
    return this.#stamp(problem(400, `The request is not valid: ${message}.`))
  }

  #stamp(response: Response): Response {
    try {
      response.headers.set(VERSION_HEADER, String(this.#needs.version))
      if (this.#isDraining) response.headers.set('connection', 'close')
      return response
    } catch {
      // What came from `fetch` cannot be changed, but copied.
      return this.#stamp(new Response(response.body, response))
    }
  }
}

function problem(status: number, detail: string): Response {
  const title = {
    400: 'Bad Request',
    404: 'Not Found',
    500: 'Internal Server Error',
    504: 'Gateway Timeout',
  }[status]
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? `an object (${value.constructor?.name})` : `${typeof value}`
}
