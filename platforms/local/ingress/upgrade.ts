import { type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { hasBody } from './body.ts'
import type { Exchange } from './exchange.ts'
import { towardsClient } from './headers.ts'

/**
 * Whether to leave HTTP behind for what the request offers. HTTP/2 is declined: some clients offer it on every first
 * request, and an offer that is ignored is a plain request. So is one with a body, which would have to be read first.
 */
export function isUpgrade(request: IncomingMessage): boolean {
  const offered = (request.headers.upgrade ?? '').toLowerCase()
  return request.method === 'GET' && !hasBody(request) && !offered.split(/[\s,]+/).includes('h2c')
}

/** A response on a socket that Node's server has let go of; the connection ends with it. */
export function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  // What Node's server does for the sockets that it still looks after; `close` follows an error, and tells.
  socket.on('error', () => {})
  socket.on('drain', () => response.emit('drain'))
  socket.on('end', () => response.socket?.destroy())
  response.on('finish', () => socket.destroySoon())
  return response
}

/** Tells the client that the container agreed, and joins the two; `onClosed` is called when the container hung up. */
export function switchProtocol(
  { request, response, upgradeHead }: Exchange,
  headers: IncomingHttpHeaders,
  container: Duplex,
  onClosed: () => void,
): void {
  const { socket } = request
  response.writeHead(101, [
    ...towardsClient(headers),
    'connection',
    'upgrade',
    'upgrade',
    headers.upgrade ?? '',
  ])
  response.flushHeaders()
  response.detachSocket(socket)
  container.on('close', onClosed)
  if (upgradeHead) container.write(upgradeHead)
  join(socket, container)
}

/** Hands the bytes of each side to the other, and an end as an end, until both are through or one breaks. */
function join(client: Duplex, container: Duplex): void {
  // A side that has said everything may still listen.
  container.allowHalfOpen = true
  breakWith(client, container)
  breakWith(container, client)
  client.pipe(container)
  container.pipe(client)
}

function breakWith(one: Duplex, other: Duplex): void {
  one.on('error', () => other.destroy())
  one.on('close', () => {
    // Where an end was passed on, what is still on its way to the other side may arrive.
    if (!other.writableEnded) other.destroy()
  })
}
