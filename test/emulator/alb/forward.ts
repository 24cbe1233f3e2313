import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { fail } from './answer.ts'
import { towardsClient, towardsTarget } from './headers.ts'
import type { InFlight } from './in-flight.ts'
import type { Route } from './route.ts'
import type { Listener } from './state.ts'

/** "Troubleshoot your Application Load Balancers": HTTP 504. */
const CONNECT_TIMEOUT_MS = 10_000
const agent = new Agent({ keepAlive: true })

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  listener: Listener
}

/** Sends the request to the target and its answer to the client, both as they come; also one that leaves HTTP. */
export function forward(
  { request, response, listener }: Exchange,
  { targetGroup, target, url, host }: Extract<Route, { kind: 'target' }>,
  inFlight: InFlight,
): void {
  const headers = towardsTarget(request, host, listener)
  const upgrade = request.headers.upgrade
  if (upgrade) headers.push('Connection', 'Upgrade', 'Upgrade', upgrade)
  if (request.headers['transfer-encoding']) headers.push('Transfer-Encoding', 'chunked')
  const { method } = request
  const outgoing = open({ host: target.id, port: target.port, method, path: url, headers, agent })

  const connectTimeout = setTimeout(() => giveUp(504), CONNECT_TIMEOUT_MS)
  const over = inFlight.add(targetGroup, target, () => giveUp(502))
  outgoing.setTimeout(listener.idleTimeoutSeconds * 1000, () => giveUp(504))
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) clearTimeout(connectTimeout)
    else socket.once('connect', () => clearTimeout(connectTimeout))
  })
  outgoing.on('response', (incoming) => relay(incoming, response))
  outgoing.on('upgrade', (incoming, socket: Socket, head) => {
    switchProtocol(request.socket, incoming, socket, head)
    socket.once(
      'close',
      inFlight.add(targetGroup, target, () => socket.destroy()),
    )
  })
  outgoing.on('error', () => fail(response, 502))
  outgoing.on('close', () => {
    clearTimeout(connectTimeout)
    over()
  })
  response.on('finish', () => dropRest(request, outgoing))
  response.on('close', () => {
    if (!response.writableFinished && !upgrade) outgoing.destroy()
  })
  // No pipeline: it would take the client's connection along where the target answers early or breaks off.
  request.pipe(outgoing)

  function giveUp(status: number): void {
    fail(response, status)
    outgoing.destroy()
  }
}

/** What the client still sends once it has its answer is read, so that its connection stays of use. */
function dropRest(request: IncomingMessage, outgoing: ClientRequest): void {
  if (request.complete) return
  request.unpipe(outgoing).resume()
  outgoing.destroy()
}

function relay(incoming: IncomingMessage, response: ServerResponse): void {
  response.sendDate = false
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, towardsClient(incoming))
  response.flushHeaders()
  pipeline(incoming, response, () => {})
}

function switchProtocol(client: Socket, incoming: IncomingMessage, target: Socket, head: Buffer): void {
  const lines = [`HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}`]
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`)
  }
  client.write(`${lines.join('\r\n')}\r\n\r\n`)
  client.write(head)
  pipeline(client, target, client, () => {})
}
