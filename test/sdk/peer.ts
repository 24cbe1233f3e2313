import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { CallView, VersionView } from '../../protocol/api.ts'
import { type ErrorCode, SluiceError } from '../../protocol/errors.ts'
import {
  ROUTES,
  type RouteBody,
  type RouteId,
  type RouteQuery,
  type RouteResponse,
} from '../../protocol/routes.ts'
import { lastingPort } from '../fixtures/lasting-port.ts'

/** A control plane of canned answers: it takes what the real route table takes, over real HTTP, and remembers it. */
export interface Peer {
  url: string
  /** What it was asked, in order. */
  requests: {
    route: RouteId
    params: Record<string, string>
    query: Record<string, unknown>
    body: unknown
  }[]
  /** Uploaded contents by their hash. */
  blobs: Map<string, Buffer>
  /** Stops listening and breaks every connection. */
  stop(): Promise<void>
  /** Listens again, where it did. */
  start(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface Asked<Id extends RouteId> {
  params: Record<string, string>
  query: RouteQuery<Id>
  body: RouteBody<Id>
  token: string | undefined
}

/** Answers with JSON; throws a SluiceError for a problem; may write to the response itself and return undefined. */
export type Answers = {
  [Id in RouteId]?: (
    asked: Asked<Id>,
    response: ServerResponse,
  ) => RouteResponse<Id> | undefined | Promise<RouteResponse<Id> | undefined>
}

export async function startPeer(answers: Answers): Promise<Peer> {
  const requests: Peer['requests'] = []
  const blobs = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => refuse(response, error))
  })
  const port = await lastingPort()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://peer')
    const content = await buffer(request)
    if (pathname.startsWith('/blobs/')) return serveBlob(request.method, pathname.slice(7), content, response)
    const { route, params } = find(request.method, pathname)
    const body = content.length > 0 ? JSON.parse(content.toString()) : undefined
    const { query: querySchema, ...rest } = ROUTES[route]
    const query = querySchema.parse(Object.fromEntries(searchParams))
    const parsed = 'body' in rest ? rest.body.parse(body) : undefined
    requests.push({ route, params, query, body: parsed })
    const token = request.headers.authorization?.replace('Bearer ', '')
    const answer = answers[route] as ((asked: unknown, response: ServerResponse) => unknown) | undefined
    const builtIn = route === 'missingBlobs' ? missing : undefined
    const result = await (answer ?? builtIn ?? notImplemented)(
      { params, query, body: parsed, token },
      response,
    )
    if (result === undefined) return
    response
      .writeHead(ROUTES[route].status, { 'content-type': 'application/json' })
      .end(JSON.stringify(result))
  }

  function missing(asked: unknown) {
    const { body } = asked as Asked<'missingBlobs'>
    const unknown = body.sha256.filter((sha256) => !blobs.has(sha256))
    return { missing: unknown.map((sha256) => ({ sha256, uploadUrl: `${peer.url}/blobs/${sha256}` })) }
  }

  function serveBlob(
    method: string | undefined,
    sha256: string,
    content: Buffer,
    response: ServerResponse,
  ): void {
    if (method === 'PUT') blobs.set(sha256, content)
    response.end(method === 'GET' ? blobs.get(sha256) : undefined)
  }

  const peer: Peer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    blobs,
    async start() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
    [Symbol.asyncDispose]: () => peer.stop(),
  }
  await peer.start()
  return peer
}

/** The body of the last request to a route. */
export function bodyOf<Id extends RouteId>({ requests }: Peer, route: Id): RouteBody<Id> {
  const request = requests.findLast((made) => made.route === route)
  if (!request) throw new Error(`${route} was not asked for`)
  return request.body as RouteBody<Id>
}

export function problem(
  code: ErrorCode,
  detail: string,
  fields?: { path: string; message: string }[],
): SluiceError {
  return new SluiceError(code, detail, fields)
}

export function callView(fields: Partial<CallView> = {}): CallView {
  return {
    id: 'ca-1',
    app: 'demo',
    env: 'main',
    function: 'greet',
    status: 'pending',
    attempts: 0,
    createdAt: '2026-01-31T06:00:00.000Z',
    ...fields,
  }
}

export function versionView(fields: Partial<VersionView> = {}): VersionView {
  return {
    app: 'demo',
    env: 'main',
    version: 3,
    status: 'rolling',
    origin: 'deploy',
    strategy: 'rolling',
    client: 'test',
    deployedAt: '2026-01-31T06:00:00.000Z',
    deployedBy: 'ada',
    urls: {},
    rollout: [],
    ...fields,
  }
}

function find(
  method: string | undefined,
  pathname: string,
): { route: RouteId; params: Record<string, string> } {
  for (const [route, { method: wanted, path }] of Object.entries(ROUTES)) {
    const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
    const match = method === wanted ? pattern.exec(pathname) : null
    if (match) return { route: route as RouteId, params: { ...match.groups } }
  }
  throw problem('route_not_found', `${method} ${pathname}`)
}

function notImplemented(): never {
  throw new Error('This peer has no answer to that')
}

function refuse(response: ServerResponse, error: unknown): void {
  const answer =
    error instanceof SluiceError ? error.toProblem() : problem('internal', String(error)).toProblem()
  response
    .writeHead(answer.status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify(answer))
}
