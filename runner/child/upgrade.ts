import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import type { PendingUpgrade } from './current-upgrade.ts'

export interface UpgradeExchange {
  incoming: IncomingMessage
  outgoing: ServerResponse
  socket: Socket
  head: Buffer
  version: number
}

/** One request for a WebSocket. Until it is accepted, it can be answered as any other request. */
export class Upgrade implements PendingUpgrade {
  readonly #exchange: UpgradeExchange
  readonly #onAccepted: () => void
  #isAccepted = false

  constructor(exchange: UpgradeExchange, onAccepted: () => void) {
    this.#exchange = exchange
    this.#onAccepted = onAccepted
  }

  get isAccepted(): boolean {
    return this.#isAccepted
  }

  accept(): { socket: WebSocket; response: Response } {
    const { incoming, outgoing, socket, head, version } = this.#exchange
    if (this.#isAccepted || outgoing.headersSent) throw new Error('This request has been answered already.')
    this.#isAccepted = true
    outgoing.detachSocket(socket)
    this.#onAccepted()
    const opened: ServerSocket[] = []
    handshakes(version).handleUpgrade(incoming, socket, head, (webSocket) => opened.push(webSocket))
    const [webSocket] = opened
    if (!webSocket) throw new Error('The handshake of the WebSocket is not valid.')
    webSocket.binaryType = 'arraybuffer'
    // A client that breaks the protocol must not end the process; the author's code hears of it by its own listener.
    webSocket.on('error', () => undefined)
    // Its methods and events are those of the standard, on classes of its own.
    return { socket: webSocket as unknown as WebSocket, response: RESPONSE_ALREADY_SENT }
  }
}

/** Answers under the version's header, the bad requests too. */
function handshakes(version: number): WebSocketServer {
  const server = new WebSocketServer({ noServer: true, clientTracking: false })
  server.on('headers', (headers) => headers.push(`sluice-version: ${version}`))
  server.on('wsClientError', (error, socket) => {
    const head = `HTTP/1.1 400 Bad Request\r\nconnection: close\r\nsluice-version: ${version}\r\n\r\n`
    socket.end(`${head}${error.message}\n`)
  })
  return server
}
