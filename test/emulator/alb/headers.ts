import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Listener } from './state.ts'

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const SET_HERE: ReadonlySet<string> = new Set([
  'host',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
])

/** A flat list of names and values, as they go to a target ("HTTP headers and Application Load Balancers"). */
export function towardsTarget(request: IncomingMessage, host: string, listener: Listener): string[] {
  return ['Host', host, ...passedOn(request, SET_HERE), ...added(request, listener)]
}

export function towardsClient(response: IncomingMessage): string[] {
  return passedOn(response)
}

function passedOn({ rawHeaders }: IncomingMessage, except: ReadonlySet<string> = new Set()): string[] {
  const headers: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    const isKept = !HOP_BY_HOP.has(name.toLowerCase()) && !except.has(name.toLowerCase())
    if (isKept) headers.push(name, value)
  }
  return headers
}

function added({ headers, socket }: IncomingMessage, { protocol, port }: Listener): string[] {
  const forwardedFor = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ')
  return [
    ...['X-Forwarded-For', forwardedFor],
    ...['X-Forwarded-Proto', protocol.toLowerCase()],
    ...['X-Forwarded-Port', String(port)],
    ...['X-Amzn-Trace-Id', String(headers['x-amzn-trace-id'] ?? traceId())],
  ]
}

function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`
}
