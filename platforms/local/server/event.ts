import type { IncomingMessage } from 'node:http'
import type { ApiEvent } from '../../../protocol/gateway.ts'
import type { Endpoint } from './route-table.ts'

export interface Matched {
  endpoint: Endpoint
  values: string[]
  path: string
  /** Without the question mark; empty where there is none. */
  query: string
  requestId: string
}

/** The event that API Gateway would make of the request. */
export function eventOf(request: IncomingMessage, body: string, matched: Matched): ApiEvent {
  const { endpoint, values, path, query, requestId } = matched
  // Of the headers of a request, Node keeps only set-cookie as a list, and that belongs to answers.
  const headers = request.headers as ApiEvent['headers']
  return {
    version: '2.0',
    routeKey: endpoint.routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    queryStringParameters: query === '' ? undefined : parametersIn(query),
    pathParameters: values.length === 0 ? undefined : named(endpoint.parameters, values),
    body,
    isBase64Encoded: false,
    requestContext: {
      requestId,
      timeEpoch: Date.now(),
      http: {
        method: request.method ?? '',
        path,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
    },
  }
}

/** By way of a map, in which `__proto__` is a name like any other: it is refused like any other that is not known. */
function parametersIn(query: string): Record<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name)
    parameters.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(parameters)
}

function named(names: string[], values: string[]): Record<string, string | undefined> {
  const parameters: Record<string, string | undefined> = {}
  for (let i = 0; i < names.length; i++) parameters[names[i] ?? ''] = values[i]
  return parameters
}
