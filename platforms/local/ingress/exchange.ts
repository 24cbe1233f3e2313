import type { IncomingMessage, ServerResponse } from 'node:http'
import { onlyHost } from './headers.ts'

/** One request, and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly host: string
  /** Path and query, as the client wrote them. */
  readonly path: string
  /** Whether the client sends its body only once it is told to. */
  readonly expectsContinue: boolean
  /** What came behind the head of a request that asks for another protocol. */
  readonly upgradeHead: Buffer | undefined
}

/** What is particular about a request, as Node's server tells by its different events. */
export interface Manner {
  expectsContinue?: boolean
  upgradeHead?: Buffer
}

/** Reads where a request wants to go; or says what is wrong with it, where two servers might read it differently. */
export function exchangeOf(
  request: IncomingMessage,
  response: ServerResponse,
  { expectsContinue = false, upgradeHead }: Manner,
): Exchange | { fault: string } {
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return { fault: 'The only transfer coding that is understood here is "chunked".' }
  }
  const host = onlyHost(request.rawHeaders)
  if (host === undefined) return { fault: 'A request must name its host, once.' }
  const target = targetOf(request.url ?? '', host)
  if (!target) return { fault: 'The request target must be a path, or an http URL.' }
  return { request, response, expectsContinue, upgradeHead, ...target }
}

/** Of an absolute URL the host counts, and no longer the header (RFC 9112, section 3.2.2). */
function targetOf(url: string, host: string): { host: string; path: string } | undefined {
  if (url.startsWith('/')) return { host, path: url }
  const [, authority, rest = ''] = /^http:\/\/([^/?#@]+)([/?].*)?$/i.exec(url) ?? []
  if (authority === undefined) return undefined
  return { host: authority, path: rest.startsWith('/') ? rest : `/${rest}` }
}
