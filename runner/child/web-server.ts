import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { HEALTH_PATH } from '../../protocol/health.ts'
import type { FromChild, Load, Verdict } from '../ipc.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { RequestCount } from './request-count.ts'
import { Responder } from './responder.ts'
import { Turnstile } from './turnstile.ts'

/**
 * Longer than any proxy keeps an idle connection: an Application Load Balancer can be told 4,000 s at most ("Edit
 * attributes for your Application Load Balancer": connection idle timeout). Whoever closes first must be the proxy: a
 * server that closes while a request is on its way fails that request.
 */
const KEEP_ALIVE_MS = 4_200_000

export interface WebServerNeeds {
  load: Load
  handler: (request: Request) => unknown
  onThrown: (thrown: unknown) => void
  /** Tells the supervisor how many requests and sockets are in flight, when that changes, and what has ended since; and asks who may come in. */
  send: (message: FromChild) => void
}

/** Serves the author's handler over HTTP/1.1, so many requests at a time. */
export class WebServer {
  readonly #responder: Responder
  readonly #turnstile: Turnstile
  readonly #count: RequestCount
  readonly #server: Server
  readonly #load: Load
  /** Where everybody may come in there is none. */
  readonly #doorkeeper: Doorkeeper | undefined
  /** Loaded with the first WebSocket: most functions serve none. */
  #upgrades: Promise<typeof import('./upgrade.ts')> | undefined

  constructor({ load, handler, onThrown, send }: WebServerNeeds) {
    const { version, spec } = load
    this.#load = load
    this.#responder = new Responder({ version, timeout: spec.timeout, handler, onThrown })
    this.#turnstile = new Turnstile(spec.concurrency)
    this.#count = new RequestCount((count, served) => send({ type: 'requests', count, served }))
    this.#doorkeeper = spec.requiresAuth ? new Doorkeeper(send) : undefined
    this.#server = createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      // A slow upload or a long stream is bounded by the function's own timeout.
      requestTimeout: 0,
      // Others, such as HTTP/2's, are offers that may be declined.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    })
    this.#server.on('request', (incoming, outgoing) => this.#serve(incoming, outgoing))
    this.#server.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket as Socket, head))
    this.#server.on('clientError', (error, socket) => this.#refuse(error, socket as Socket))
  }

  /** @returns the port */
  async listen(): Promise<number> {
    const { host, port } = this.#load
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject)
    this.#server.listen({ host, port }, resolve)
    await promise
    return (this.#server.address() as AddressInfo).port
  }

  /** Asks clients to connect anew; what arrives is served all the same. */
  drain(): void {
    this.#responder.drain()
  }

  judged(request: number, verdict: Verdict): void {
    this.#doorkeeper?.heard(request, verdict)
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    // Neither the author's code nor the count of what is in flight should see a load balancer's checks.
    if (incoming.url === HEALTH_PATH) return void outgoing.end()
    const ended = this.#count.begin()
    let leave = () => {}
    outgoing.once('close', () => {
      leave()
      ended(statusOf(outgoing))
    })
    this.#admit(incoming, outgoing, (caller) => {
      leave = this.#turnstile.enter(() => this.#responder.answer(incoming, outgoing, { caller }))
    })
  }

  /** Before the turnstile: who may not come in takes nobody's place. */
  async #admit(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    enter: (caller: string | undefined) => void,
  ): Promise<void> {
    if (!this.#doorkeeper) return enter(undefined)
    const verdict = await this.#doorkeeper.judge(incoming)
    if (outgoing.destroyed) return
    if (verdict.verdict === 'allowed') enter(verdict.caller)
    else this.#responder.refuse(outgoing, verdict)
  }

  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    const outgoing = responseOn(socket, incoming)
    const ended = this.#count.begin()
    let leave = () => {}
    socket.once('close', () => {
      leave()
      ended(statusOf(outgoing))
    })
    this.#admit(incoming, outgoing, (caller) => {
      leave = this.#turnstile.enter(async () => {
        this.#upgrades ??= import('./upgrade.ts')
        const { Upgrade } = await this.#upgrades
        const exchange = { incoming, outgoing, socket, head, version: this.#load.version }
        // An open socket is in flight, but leaves its place to the next request.
        const upgrade = new Upgrade(exchange, () => leave())
        this.#responder.answer(incoming, outgoing, { upgrade, caller })
      })
    })
  }

  /** What does not come to be a request: broken, or with headers too large or too late. */
  #refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request'
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\nsluice-version: ${this.#load.version}\r\n\r\n`)
  }
}

/** Undefined where there was no answer: the client had gone, or it became a WebSocket. */
function statusOf({ headersSent, statusCode }: ServerResponse): number | undefined {
  return headersSent ? statusCode : undefined
}

const CLIENT_ERRORS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** The answer to a request for an upgrade that is not accepted: Node.js makes none. */
function responseOn(socket: Socket, incoming: IncomingMessage): ServerResponse {
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.assignSocket(socket)
  outgoing.once('finish', () => socket.destroySoon())
  // Without a listener, a connection that breaks would end the process.
  socket.on('error', () => undefined)
  return outgoing
}
