import { crosses, namedBy } from '../../../protocol/hop-by-hop.ts'

/** What crosses the ingress. */

/** What the ingress itself says about a request, or has answered already (`expect`). */
const SET_HERE = new Set([
  'host',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
])

/** Whom a request came from, and what it asked for. */
export interface Origin {
  host: string
  remoteAddress: string | undefined
  port: number
}

/**
 * A request's headers as the container gets them, as a flat list of names and values.
 * What the client claims about earlier hops is replaced, not appended to: the ingress is the first hop, and a container
 * that trusts its proxy must not end up trusting whoever wrote the request.
 */
export function towardsContainer(raw: readonly string[], connection: string | undefined, origin: Origin) {
  const named = namedBy(connection)
  const headers = [
    'host',
    origin.host,
    'x-forwarded-for',
    origin.remoteAddress ?? 'unknown',
    'x-forwarded-host',
    origin.host,
    'x-forwarded-proto',
    'http',
    'x-forwarded-port',
    String(origin.port),
  ]
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [field = '', value = ''] = [raw[at], raw[at + 1]]
    const name = field.toLowerCase()
    if (!SET_HERE.has(name) && crosses(name, named)) headers.push(name, value)
  }
  return headers
}

/** A response's headers as the client gets them, as a flat list of names and values. */
export function towardsClient(received: NodeJS.Dict<string | string[]>): string[] {
  const named = namedBy(single(received.connection))
  const headers: string[] = []
  for (const [name, value] of Object.entries(received)) {
    if (value === undefined || !crosses(name, named)) continue
    for (const each of typeof value === 'string' ? [value] : value) headers.push(name, each)
  }
  return headers
}

/** The host that the request names, unless it names none or several, which two servers may read differently. */
export function onlyHost(raw: readonly string[]): string | undefined {
  let host: string | undefined
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() !== 'host') continue
    if (host !== undefined) return undefined
    host = raw[at + 1]
  }
  return host
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(',')
}
