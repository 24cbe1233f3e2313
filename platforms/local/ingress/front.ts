import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerMalformed } from '../malformed.ts'
import { answer } from './answers.ts'
import { type Exchange, exchangeOf, type Manner } from './exchange.ts'
import { isUpgrade, responseOn } from './upgrade.ts'

/** Longer than clients keep an idle connection, so that it is they who close it, and never we under their next POST. */
const KEEP_ALIVE_MS = 75_000
/** For a request's head only: a body may take as long as it likes. */
const HEAD_TIMEOUT_MS = 30_000
const HEAD_CHECK_MS = 5_000
/** What an ALB takes. */
const MAX_HEAD_BYTES = 65_536
const CLOSE_GRACE_MS = 5_000

/** The side that clients see: an HTTP/1.1 server that hands on what it understood, and answers what it did not. */
export class Front {
  readonly #server: Server
  readonly #receive: (exchange: Exchange) => void
  /** Connections that Node's server no longer looks after, because they left HTTP. */
  readonly #upgraded = new Set<Socket>()

  constructor(receive: (exchange: Exchange) => void) {
    this.#receive = receive
    this.#server = createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEAD_TIMEOUT_MS,
      connectionsCheckingInterval: HEAD_CHECK_MS,
      requestTimeout: 0,
      maxHeaderSize: MAX_HEAD_BYTES,
      insecureHTTPParser: false,
      requireHostHeader: false,
      shouldUpgradeCallback: isUpgrade,
    })
    answerMalformed(this.#server)
    this.#server
      // Each request listens for the end of its connection, and a client may send many without waiting.
      .on('connection', (socket) => socket.setMaxListeners(0))
      .on('request', (request, response) => this.#read(request, response))
      .on('checkContinue', (request, response) => this.#read(request, response, { expectsContinue: true }))
      .on('upgrade', (request: IncomingMessage, socket: Socket, upgradeHead) =>
        this.#read(request, this.#takeOver(request, socket), { upgradeHead }),
      )
      .on('connect', (request: IncomingMessage, socket: Socket) =>
        answer(
          { request, response: this.#takeOver(request, socket) },
          'method_not_allowed',
          'This is no proxy to connect through.',
        ),
      )
  }

  /** Listens on the port, or on any free one for 0; returns it. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Takes no new connection; what is still open after 5 seconds is broken off. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    const breakOff = setTimeout(() => {
      this.#server.closeAllConnections()
      for (const socket of this.#upgraded) socket.destroy()
    }, CLOSE_GRACE_MS)
    await closed
    clearTimeout(breakOff)
  }

  #read(request: IncomingMessage, response: ServerResponse, manner: Manner = {}): void {
    const exchange = exchangeOf(request, response, manner)
    if ('fault' in exchange) {
      // Where one request was not understood, what follows on its connection may be no request at all.
      response.shouldKeepAlive = false
      answer({ request, response }, 'invalid_request', exchange.fault)
    } else {
      this.#receive(exchange)
    }
  }

  #takeOver(request: IncomingMessage, socket: Socket): ServerResponse {
    this.#upgraded.add(socket)
    socket.on('close', () => this.#upgraded.delete(socket))
    return responseOn(request, socket)
  }
}
