import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReportError } from '../../../lambdas/middleware/answer-problems.ts'
import { CONSOLE_HEADERS } from '../../../protocol/console-headers.ts'
import { SluiceError } from '../../../protocol/errors.ts'
import { type ApiHandler, type ApiResult, problemResult, unexpected } from '../../../protocol/gateway.ts'
import type { Route } from '../../../protocol/route.ts'
import { ROUTES } from '../../../protocol/routes.ts'
import { discardBody, readBody, SenderGone } from './body.ts'
import type { ConsoleServer } from './console.ts'
import { eventOf } from './event.ts'
import type { Guard } from './guard.ts'
import { respond } from './respond.ts'
import { type Match, RouteTable } from './route-table.ts'

/** How streams say that the other end was closed, or had been before they began. */
const GONE = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE', 'ECONNRESET', 'EPIPE']

export interface Services {
  /** What serves the routes of each group. */
  handlers: Readonly<Record<Route['group'], ApiHandler>>
  /** Takes a request for the signed URL of a blob; false where it is for something else. */
  blobs: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>
  /** Takes a request that no route is for, where it is one for the console. */
  console: ConsoleServer
  /** Told of failures that are ours; what it answers, if anything, is told to the sender. */
  report: ReportError
}

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => void

/** Brings each request to what serves it, and its answer, or what went wrong, back to the sender. */
export function dispatchTo(services: Services, guard: Guard): Dispatch {
  const table = new RouteTable(Object.values(ROUTES), services.handlers)
  return (request, response) => {
    const requestId = randomUUID()
    harden(response)
    serve(services, guard, table, request, response, requestId).catch((error: unknown) => {
      if (hasSenderGone(request, error)) return
      const problem = error instanceof SluiceError ? error : report(services, request, requestId, error)
      // An answer that has begun can only be broken off, so that nobody takes it for whole.
      if (response.headersSent) response.destroy()
      else void refuse(request, response, problemResult(problem, requestId))
    })
  }
}

/** The console's own origin answers with what anybody wrote, too: none of it may come to run there as a page or a script. */
function harden(response: ServerResponse): void {
  for (const [name, value] of Object.entries(CONSOLE_HEADERS)) response.setHeader(name, value)
}

async function serve(
  { blobs, console }: Services,
  guard: Guard,
  table: RouteTable,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  guard.check(request)
  refuseCodings(request, response)
  const taken = blobs(request, response)
  if (taken !== false && (await taken)) return
  const { method = '', url = '' } = request
  const question = url.indexOf('?')
  const path = question === -1 ? url : url.slice(0, question)
  const match = table.match(method, path)
  if (match.kind === 'no_route' && console(request, response)) return
  if (match.kind !== 'found') {
    if (match.kind === 'wrong_method') response.setHeader('allow', match.allowed.join(', '))
    throw unmatched(match, method, path)
  }
  const { endpoint, values } = match
  const query = question === -1 ? '' : url.slice(question + 1)
  const body = await readBody(request)
  await respond(
    response,
    await endpoint.handler(eventOf(request, body, { endpoint, values, path, query, requestId })),
  )
}

/** Node.js would read what it cannot decode as if it were not encoded. */
function refuseCodings({ headers }: IncomingMessage, response: ServerResponse): void {
  const coding = headers['transfer-encoding']
  if (coding === undefined || coding.toLowerCase() === 'chunked') return
  response.shouldKeepAlive = false
  throw new SluiceError('invalid_request', 'The only transfer coding that is understood here is "chunked".')
}

function unmatched(match: Exclude<Match, { kind: 'found' }>, method: string, path: string): SluiceError {
  switch (match.kind) {
    case 'no_route':
      return new SluiceError(
        'route_not_found',
        `There is no ${path}. See /openapi.json for the routes there are.`,
      )
    case 'wrong_method':
      return new SluiceError(
        'method_not_allowed',
        `${path} takes ${match.allowed.join(' and ')}, not ${method}.`,
      )
    case 'malformed':
      return new SluiceError(
        'invalid_request',
        `${path} is not encoded well: a "%" must be followed by two hex digits.`,
      )
  }
}

/** There is nobody to answer, and nothing failed that is ours. */
function hasSenderGone({ socket }: IncomingMessage, error: unknown): boolean {
  if (error instanceof SenderGone) return true
  return socket.destroyed && GONE.includes((error as NodeJS.ErrnoException)?.code ?? '')
}

async function refuse(request: IncomingMessage, response: ServerResponse, result: ApiResult): Promise<void> {
  await discardBody(request)
  // What is still unread would be taken for the next request, so the connection ends here.
  if (!request.complete) response.setHeader('connection', 'close')
  await respond(response, result)
}

function report(
  { report }: Services,
  { method, url }: IncomingMessage,
  requestId: string,
  error: unknown,
): SluiceError {
  const told = report({ requestId, routeKey: `${method} ${url}`, error })
  return told instanceof SluiceError ? told : unexpected(requestId)
}
