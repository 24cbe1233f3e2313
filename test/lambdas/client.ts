import type { Route } from '../../protocol/route.ts'
import { ROUTES, type RouteId, type RouteResponse } from '../../protocol/routes.ts'
import type { Installation } from './installation.ts'

export interface Sent {
  params?: Record<string, string | number>
  query?: Record<string, string | number>
  body?: unknown
  /** A person's unless given; null sends none. */
  token?: string | null
}

export interface Answered<Id extends RouteId> {
  status: number
  headers: Headers
  /** What the route promises, checked against its schema; for a problem, the problem. */
  body: RouteResponse<Id>
}

export interface Refused {
  status: number
  code: string
  detail: string
  errors: { path: string; message: string }[]
}

/** Sends what must be answered as the route promises: anything else fails the test. */
export async function send<Id extends RouteId>(
  installation: Installation,
  id: Id,
  sent: Sent = {},
): Promise<Answered<Id>> {
  const route: Route = ROUTES[id]
  const response = await fetchRoute(installation, route, sent)
  const text = await response.text()
  if (response.status >= 400) throw new Error(`${id} answered ${response.status}: ${text}`)
  const body = response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text
  return {
    status: response.status,
    headers: response.headers,
    body: route.response.parse(body) as RouteResponse<Id>,
  }
}

/** Sends what must be refused, with problem details. */
export async function refuse(installation: Installation, id: RouteId, sent: Sent = {}): Promise<Refused> {
  return problemOf(await fetchRoute(installation, ROUTES[id], sent))
}

/** Whatever is answered; `code` is that of a problem. */
export async function answerOf(
  installation: Installation,
  id: RouteId,
  sent: Sent,
): Promise<{ status: number; code: string | undefined }> {
  const response = await fetchRoute(installation, ROUTES[id], sent)
  const text = await response.text()
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  return { status: response.status, code: isProblem ? JSON.parse(text).code : undefined }
}

/** @throws Error where the answer is no problem. */
export async function problemOf(response: Response): Promise<Refused> {
  const text = await response.text()
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`Answered ${response.status} without problem details: ${text}`)
  }
  const { status, code, detail, errors = [] } = JSON.parse(text)
  if (status !== response.status) throw new Error(`The problem says ${status}, the answer ${response.status}`)
  return { status, code, detail, errors }
}

function fetchRoute({ url, token: own }: Installation, route: Route, sent: Sent): Promise<Response> {
  const { params = {}, query = {}, body, token = own } = sent
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'x'))
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, `${value}`]),
  )
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(`${url}${path}?${search}`, {
    method: route.method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: text }),
  })
}
