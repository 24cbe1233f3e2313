import type { Agent, IncomingHttpHeaders, IncomingMessage, request as send } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { FieldError, Problem } from './errors.ts'

/** A small HTTP client for both ends of the wire. Global `fetch` costs several times as much per request. */

/** Kept alive, since a handshake costs more than a call. A server's own idle limit is honoured by the agent. */
const AGENT = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY } as const

interface Transport {
  send: typeof send
  agent: Agent
}

/** Loaded with the first `http:` address: most programs that hold this client start without a request. */
let plain: Transport | undefined
/** Loaded with the first `https:` address, since TLS takes longer to load than all else that a container starts with. */
let encrypted: Promise<Transport> | undefined

export interface HttpRequest {
  method: string
  url: string
  headers?: Record<string, string>
  /** A stream is sent in pieces, unless a `content-length` is among the headers. */
  body?: string | Uint8Array | Readable
  /** Milliseconds for the whole exchange, to the last byte of the answer. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

export interface HttpResponse {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** The server's answer was an error: `code` is the stable one of its problem details, where it sent any. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly fields: FieldError[] | undefined
  /** As the server sent it. */
  readonly problem: Partial<Problem>

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.name = 'HttpError'
    this.status = status
    this.code = problem.code
    this.fields = problem.errors
    this.problem = problem
  }
}

/**
 * One exchange, the answer held in memory. Any status is an answer.
 * @throws Error where there is none: with the system's `code` (`ECONNREFUSED`, …), or `ETIMEDOUT` after `timeoutMs`.
 */
export async function request(exchange: HttpRequest): Promise<HttpResponse> {
  return open(exchange, async (incoming) => ({
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body: await bodyOf(incoming),
  }))
}

/**
 * Sends and receives JSON.
 * @returns what the server answered, or undefined where that is empty
 * @throws HttpError for a status of 400 and above; as `request` where there is no answer
 */
export async function requestJson<Answer>(
  exchange: Omit<HttpRequest, 'body'> & { json?: unknown },
): Promise<Answer> {
  const { json, ...rest } = exchange
  const response = await request({
    ...rest,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...rest.headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
  if (response.status >= 400) throw new HttpError(response.status, problemIn(response))
  return (response.body.length > 0 ? JSON.parse(response.body.toString()) : undefined) as Answer
}

/** @throws HttpError for a status of 400 and above */
export function refuseFailure(response: HttpResponse): void {
  if (response.status >= 400) throw new HttpError(response.status, problemIn(response))
}

/**
 * One exchange whose answer `read` takes as a stream, to its end.
 * @throws as `request`
 */
export async function open<Result>(
  exchange: HttpRequest,
  read: (incoming: IncomingMessage) => Promise<Result>,
): Promise<Result> {
  const { send, agent } = await transportFor(exchange.url)
  const { method, url, headers, body, timeoutMs, signal } = exchange
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, agent, ...(headers && { headers }), ...(signal && { signal }) })
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => outgoing.destroy(late(method, url, timeoutMs)), timeoutMs)
    outgoing.on('close', () => clearTimeout(timer))
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => read(incoming).then(resolve, reject))
    if (body instanceof Readable) pipeline(body, outgoing, (error) => error && outgoing.destroy(error))
    else outgoing.end(body)
  })
}

/** What Node has for this goes through a `Blob`, which costs as much as the rest of a small exchange. */
function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('error', reject)
  })
}

/** Without the query, which may hold a signature. */
function late(method: string, url: string, timeoutMs: number): Error {
  const message = `${method} ${url.split('?')[0]} took longer than ${timeoutMs} ms`
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' })
}

async function transportFor(url: string): Promise<Transport> {
  if (!url.startsWith('https:')) {
    plain ??= unencrypted()
    return plain
  }
  encrypted ??= import('node:https').then((https) => ({
    send: https.request,
    agent: new https.Agent(AGENT),
  }))
  return encrypted
}

/**
 * Not by `import`: that reads every export of the module, among them those that load all of undici, which doubles the
 * start-up time of a process (50 ms instead of 28) and adds 14 MB.
 */
function unencrypted(): Transport {
  const http = process.getBuiltinModule('node:http')
  return { send: http.request, agent: new http.Agent(AGENT) }
}

/** Anything may stand between us and the server, so that an error need not be JSON. */
function problemIn({ headers, body }: HttpResponse): Partial<Problem> {
  if (!headers['content-type']?.includes('json')) return {}
  try {
    return JSON.parse(body.toString())
  } catch {
    return {}
  }
}
