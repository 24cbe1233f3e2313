import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerMalformed } from '../malformed.ts'
import { dispatchTo, type Services } from './dispatch.ts'
import { Guard } from './guard.ts'

const LOOPBACK = '127.0.0.1'
/** Longer than clients keep an idle connection, so that none is closed under a request that is on its way. */
const KEEP_ALIVE_MS = 75_000
/** For a request's head only. */
const HEAD_TIMEOUT_MS = 30_000
const HEAD_CHECK_MS = 5_000
const IDLE_CHECK_MS = 20

/** The HTTP server in front of the handlers: to them it is the gateway. */
export class ApiServer {
  readonly port: number
  readonly #server: Server
  readonly #early: [IncomingMessage, ServerResponse][] = []

  /**
   * Listens on this machine only; port 0 takes any free one.
   * @throws Error with the system's `code`, such as `EADDRINUSE`
   */
  static async listen(port: number): Promise<ApiServer> {
    const server = createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEAD_TIMEOUT_MS,
      connectionsCheckingInterval: HEAD_CHECK_MS,
      requireHostHeader: false,
    })
    answerMalformed(server)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, LOOPBACK, () => {
        server.off('error', reject)
        resolve()
      })
    })
    return new ApiServer(server)
  }

  private constructor(server: Server) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    server.on('request', this.#keepWaiting)
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`
  }

  /** From now on requests are answered, those that came before as well. */
  serve(services: Services): void {
    const dispatch = dispatchTo(services, new Guard(this.port))
    this.#server.off('request', this.#keepWaiting).on('request', dispatch)
    for (const [request, response] of this.#early.splice(0)) dispatch(request, response)
  }

  /** Takes no new connection; what is being answered may go on for so many milliseconds. */
  async close(graceMs: number): Promise<void> {
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs)
    // A connection that becomes idle later would stay for as long as it is kept alive.
    const idle = setInterval(() => this.#server.closeIdleConnections(), IDLE_CHECK_MS)
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
    clearTimeout(cut)
    clearInterval(idle)
  }

  readonly #keepWaiting = (request: IncomingMessage, response: ServerResponse): void => {
    this.#early.push([request, response])
  }
}
