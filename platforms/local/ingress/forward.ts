import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { hasBody, RequestBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { towardsClient, towardsContainer } from './headers.ts'
import { switchProtocol } from './upgrade.ts'

/**
 * How a request's stay with a container ended. `over`: with an answer, or without a client to answer. `unreached`: there
 * was no connection. `lost`: it broke before the answer, and the request may be repeated. `failed`: it may not.
 */
export type Outcome = 'over' | 'unreached' | 'lost' | 'failed'

/** RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string | undefined> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
])
const BROKEN_CONNECTION: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/**
 * Sends the request to the container behind `pool` and relays its answer, both as they come.
 * Calls `onEnd` exactly once; unless the outcome is `over`, the client still has to be answered.
 */
export function forward(
  exchange: Exchange,
  pool: Dispatcher,
  port: number,
  onEnd: (outcome: Outcome) => void,
): void {
  const { request, host, path } = exchange
  const forwarding = new Forwarding(exchange, onEnd)
  const options: Dispatcher.DispatchOptions = {
    path,
    method: request.method ?? 'GET',
    headers: towardsContainer(request.rawHeaders, request.headers.connection, {
      host,
      remoteAddress: request.socket.remoteAddress,
      port,
    }),
    body: forwarding.body,
  }
  if (exchange.upgradeHead) options.upgrade = request.headers.upgrade ?? null
  pool.dispatch(options, forwarding)
}

class Forwarding implements Dispatcher.DispatchHandler {
  readonly body: RequestBody | null
  readonly #exchange: Exchange
  readonly #onEnd: (outcome: Outcome) => void
  #controller: Dispatcher.DispatchController | undefined
  #clientGone = false
  #answering = false
  #ended = false

  constructor(exchange: Exchange, onEnd: (outcome: Outcome) => void) {
    const { request, response, expectsContinue } = exchange
    this.#exchange = exchange
    this.#onEnd = onEnd
    const onBegin = () => {
      if (expectsContinue) response.writeContinue()
    }
    this.body = hasBody(request) ? new RequestBody(request, onBegin) : null
    // Not the response's own event: one that queues behind others on its connection never gets it.
    request.socket.on('close', this.#onClientGone)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#clientGone) controller.abort(new Error('The client is gone'))
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    const { request, response } = this.#exchange
    if (status < 200) {
      if (request.httpVersion !== '1.0') response.writeInformation(status, towardsClient(headers))
      return
    }
    response.writeHead(status, towardsClient(headers))
    this.#answering = true
    // Node holds a head back until the body begins, which for a stream of events may be long after.
    queueMicrotask(() => {
      if (!this.#ended) response.flushHeaders()
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#exchange.response.write(chunk)) return
    controller.pause()
    this.#exchange.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#exchange.response.end()
    this.#end('over')
  }

  onRequestUpgrade(_: unknown, _status: number, headers: IncomingHttpHeaders, container: Duplex): void {
    switchProtocol(this.#exchange, headers, container, () => this.#end('over'))
  }

  onResponseError(_: unknown, error: Error): void {
    // An answer that breaks off must not look complete.
    if (this.#answering) this.#exchange.response.destroy()
    this.#end(this.#outcomeOf(error))
  }

  #outcomeOf(error: Error): Outcome {
    if (this.#clientGone || this.#answering) return 'over'
    if (!this.#controller) return 'unreached'
    const repeatable = IDEMPOTENT.has(this.#exchange.request.method) && !this.body?.begun
    return repeatable && 'code' in error && BROKEN_CONNECTION.has(error.code) ? 'lost' : 'failed'
  }

  readonly #onClientGone = (): void => {
    this.#clientGone = true
    this.#controller?.abort(new Error('The client is gone'))
  }

  #end(outcome: Outcome): void {
    if (this.#ended) return
    this.#ended = true
    this.#exchange.request.socket.off('close', this.#onClientGone)
    this.#onEnd(outcome)
  }
}
