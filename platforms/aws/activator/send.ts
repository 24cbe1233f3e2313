import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { ForwardRequest, ForwardResult } from '../../../protocol/forwarding.ts'
import { crosses, namedBy } from '../../../protocol/hop-by-hop.ts'

/**
 * A load balancer takes a response of 1 MB from a Lambda function ("Use Lambda functions as targets of an Application
 * Load Balancer"), in base64 and with its headers.
 */
const MOST_BYTES = 700_000
/** An answer that goes on for so long after it has begun is a stream. */
const STREAM_MS = 10_000
const CONNECT_MS = 3_000

/** One exchange with a container, to the last byte of its answer or until that is found not to fit. */
export async function send({ address, timeoutMs, body, ...sent }: ForwardRequest): Promise<ForwardResult> {
  const outgoing = request(`http://${address}`, {
    ...sent,
    headers: towardsContainer(sent.headers, body),
    setHost: false,
    agent: false,
  })
  let fate: ForwardResult = { kind: 'unreached' }
  const end = (kind: 'unreached' | 'late' | 'unfit') => {
    fate = { kind }
    outgoing.destroy()
  }
  // What breaks after the answer has begun is told by the answer.
  outgoing.on('error', () => {})
  const connecting = setTimeout(() => end('unreached'), CONNECT_MS)
  const timer = setTimeout(() => end('late'), timeoutMs)
  outgoing.on('socket', (socket) =>
    socket.on('connect', () => {
      clearTimeout(connecting)
      fate = { kind: 'broken' }
    }),
  )
  try {
    outgoing.end(Buffer.from(body, 'base64'))
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const whole = await bodyOf(incoming, () => end('unfit'))
    return {
      kind: 'answered',
      status: incoming.statusCode ?? 0,
      headers: towardsClient(incoming.headersDistinct),
      body: whole.toString('base64'),
    }
  } catch {
    return fate
  } finally {
    clearTimeout(connecting)
    clearTimeout(timer)
  }
}

/** @throws where it breaks off, or was ended because it does not fit */
async function bodyOf(incoming: IncomingMessage, refuse: () => void): Promise<Buffer> {
  const { 'content-type': type = '', 'content-length': length = '0' } = incoming.headers
  if (type.startsWith('text/event-stream') || Number(length) > MOST_BYTES) refuse()
  const timer = setTimeout(refuse, STREAM_MS)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of incoming) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MOST_BYTES) refuse()
    }
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
  }
}

type Headers = Record<string, string[]>

/** A flat list of names and values. The length is said anew: a load balancer has read a body that came in pieces. */
function towardsContainer(headers: Headers, body: string): string[] {
  const { 'content-length': _, expect: __, ...rest } = passedOn(headers)
  const pairs = Object.entries(rest).flatMap(([name, values]) => values.flatMap((value) => [name, value]))
  return body === '' ? pairs : [...pairs, 'content-length', String(Buffer.byteLength(body, 'base64'))]
}

/** The load balancer says the length itself. */
function towardsClient(headers: NodeJS.Dict<string[]>): Headers {
  const { 'content-length': _, ...rest } = passedOn(headers)
  return rest
}

function passedOn(headers: NodeJS.Dict<string[]>): Headers {
  const named = namedBy(headers.connection?.join(','))
  const passed = Object.entries(headers).filter(([name]) => crosses(name, named))
  return Object.fromEntries(passed.map(([name, values]) => [name, values ?? []]))
}
