import type { ApiEvent } from '../../protocol/gateway.ts'
import { ROUTES, type RouteId } from '../../protocol/routes.ts'

interface Sent {
  params?: Record<string, string>
  token: string
  body?: string | null
  isBase64Encoded?: boolean
}

/** The event that API Gateway makes of a request, for a handler that is called without a server in front of it. */
export function eventFor(id: RouteId, { params = {}, token, body, isBase64Encoded = false }: Sent): ApiEvent {
  const { method, path } = ROUTES[id]
  const rawPath = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath,
    rawQueryString: '',
    headers: { authorization: `Bearer ${token}` },
    pathParameters: params,
    body,
    isBase64Encoded,
    requestContext: {
      requestId: 'request-1',
      timeEpoch: 0,
      http: { method, path: rawPath, sourceIp: '127.0.0.1', userAgent: 'test' },
    },
  }
}
