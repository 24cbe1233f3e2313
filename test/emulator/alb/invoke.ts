import { buffer } from 'node:stream/consumers'
import { answer, fail } from './answer.ts'
import type { Exchange } from './forward.ts'
import { towardsTarget } from './headers.ts'
import type { Route } from './route.ts'

type FunctionRoute = Extract<Route, { kind: 'function' }>

interface FunctionAnswer {
  statusCode?: number
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  body?: string
  isBase64Encoded?: boolean
}

/** "Use Lambda functions as targets of an Application Load Balancer": limits, and which bodies are text. */
const LARGEST_BODY = 1024 * 1024
const TEXT = /^(text\/.*|application\/(json|javascript|xml))(;|$)/

/** Lets a Lambda function answer the request; whatever is wrong with its answer is a 502. */
export async function invoke(exchange: Exchange, route: FunctionRoute, endpoint: string): Promise<void> {
  const { request, response } = exchange
  if (request.headers.upgrade) return fail(response, 400)
  const body = await buffer(request)
  if (body.length > LARGEST_BODY) return fail(response, 413)
  const result = await fetch(
    `${endpoint}/2015-03-31/functions/${encodeURIComponent(route.functionArn)}/invocations`,
    {
      method: 'POST',
      headers: { 'x-emulator-internal': 'load balancer' },
      body: JSON.stringify(eventOf(exchange, route, body)),
    },
  )
  const given = result.ok && !result.headers.has('x-amz-function-error') ? await result.json() : undefined
  relay(exchange, given as FunctionAnswer | undefined, route)
}

function eventOf(exchange: Exchange, route: FunctionRoute, body: Buffer): object {
  const { request, listener } = exchange
  const [path = '/', query = ''] = route.url.split('?')
  const isText = TEXT.test(request.headers['content-type'] ?? 'text/plain')
  const isBase64Encoded = !isText || request.headers['content-encoding'] !== undefined
  const headers = pairs(towardsTarget(request, request.headers.host ?? '', listener))
  const parameters = query.split('&').filter(Boolean).map(nameAndValue)
  return {
    requestContext: { elb: { targetGroupArn: route.targetGroup } },
    httpMethod: request.method,
    path,
    ...(route.multiValueHeaders
      ? { multiValueHeaders: collected(headers), multiValueQueryStringParameters: collected(parameters) }
      : { headers: Object.fromEntries(headers), queryStringParameters: Object.fromEntries(parameters) }),
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  }
}

function relay(
  { response }: Exchange,
  given: FunctionAnswer | undefined,
  { multiValueHeaders }: FunctionRoute,
) {
  const body = Buffer.from(given?.body ?? '', given?.isBase64Encoded ? 'base64' : 'utf8')
  if (!given?.statusCode || body.length > LARGEST_BODY) return fail(response, 502)
  const headers = multiValueHeaders ? given.multiValueHeaders : given.headers
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
  answer(response, given.statusCode, {}, body)
}

function pairs(flat: string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), flat[at + 1] ?? '']] : []))
}

/** As they are written: the load balancer does not decode them. */
function nameAndValue(parameter: string): [string, string] {
  const [name = '', ...value] = parameter.split('=')
  return [name, value.join('=')]
}

function collected(entries: [string, string][]): Record<string, string[]> {
  const lists: Record<string, string[]> = {}
  for (const [name, value] of entries) lists[name] = [...(lists[name] ?? []), value]
  return lists
}
