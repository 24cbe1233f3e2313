import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'
import type { Condition } from './state.ts'

/** "Condition types for listener rules"; one that is not modelled (query-string) never holds. */
export function holds(condition: Condition, request: IncomingMessage): boolean {
  const { Field, Values, HttpHeaderConfig } = condition
  switch (Field) {
    case 'host-header':
      return Values.some((pattern) => matches(pattern.toLowerCase(), hostOf(request).toLowerCase()))
    case 'path-pattern':
      return Values.some((pattern) => matches(pattern, pathOf(request)))
    case 'http-request-method':
      return Values.includes(request.method ?? '')
    case 'http-header':
      return HttpHeaderConfig ? headerMatches(HttpHeaderConfig, request) : false
    case 'source-ip':
      return isWithin(Values, request.socket.remoteAddress ?? '')
    default:
      return false
  }
}

/** Without the port. */
export function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '')
}

export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

function headerMatches(
  config: NonNullable<Condition['HttpHeaderConfig']>,
  { headers }: IncomingMessage,
): boolean {
  const value = String(headers[config.HttpHeaderName.toLowerCase()] ?? '').toLowerCase()
  return config.Values.some((pattern) => matches(pattern.toLowerCase(), value))
}

/** `*` stands for any characters, `?` for exactly one. */
function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${expression}$`, 's').test(value)
}

function isWithin(ranges: string[], address: string): boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/')
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
}
