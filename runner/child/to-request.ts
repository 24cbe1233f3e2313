import type { IncomingMessage } from 'node:http'
import { CALLER_HEADER } from '../../protocol/caller.ts'

/**
 * The request as the author's code gets it, with the URL that the public sees.
 *
 * It is a genuine Request. The one that @hono/node-server makes is lighter, but breaks whatever passes it on:
 * `new Request(request)` and `fetch(request)` throw, unless the global classes are replaced.
 * @param caller who sent it, where that was asked: their token has done its duty then, and stays behind
 * @throws TypeError where Fetch does not know such a request
 */
export function toRequest(incoming: IncomingMessage, signal: AbortSignal, caller?: string): Request {
  const { method = 'GET', rawHeaders } = incoming
  const headers = new Headers()
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
  // What a client says of itself there proves nothing.
  headers.delete(CALLER_HEADER)
  if (caller !== undefined) {
    headers.delete('authorization')
    headers.set(CALLER_HEADER, caller)
  }
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(urlOf(incoming), {
    method,
    headers,
    signal,
    ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
  })
}

function urlOf({ url = '/', headers }: IncomingMessage): string {
  const scheme = first(headers['x-forwarded-proto']) ?? 'http'
  // The host that led here. What X-Forwarded-Host says may be the client's own idea, which a load balancer passes on.
  const host = headers.host ?? 'localhost'
  const origin = `${scheme}://${host}`
  // A client that speaks to a proxy may name the whole URL.
  return url.startsWith('/') ? origin + url : new URL(url).href
}

/** The first proxy on the way is the one that the public spoke to. */
function first(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header
  return value?.split(',', 1)[0]?.trim() || undefined
}

/** Read only once somebody reads, so that a body which nobody wants can be skipped and the connection kept. */
function bodyOf(incoming: IncomingMessage): ReadableStream {
  return ReadableStream.from(incoming.iterator({ destroyOnReturn: false }))
}
