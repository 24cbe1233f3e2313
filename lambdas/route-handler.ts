import type { Principal } from '../control/access.ts'
import type { Route } from '../protocol/route.ts'
import type {
  ROUTES,
  RouteBody,
  RouteId,
  RouteParams,
  RouteQuery,
  RouteResponse,
} from '../protocol/routes.ts'

/** What a route answers: a body of its schema, or lines of text as they come; `status` where it is not the route's own. */
export type Answer<Body> = { status?: number; body: Body } | { lines: AsyncIterable<string> }

export interface RouteRequest<Id extends RouteId> {
  params: RouteParams<Id>
  query: RouteQuery<Id>
  body: RouteBody<Id>
  principal: PrincipalFor<(typeof ROUTES)[Id]['audience']>
}

/** Serves one route: calls a use-case and shapes its answer. */
export type RouteHandler<Id extends RouteId, Given> = (
  ports: Given,
  request: RouteRequest<Id>,
) => Promise<Answer<RouteResponse<Id>>>

/** The routes of a group, out of the table: a handler has no use for the schemas of the others. */
export type GroupRoutes<Group extends Route['group']> = {
  [Id in RouteId as (typeof ROUTES)[Id]['group'] extends Group ? Id : never]: (typeof ROUTES)[Id]
}

/** The handlers of every route of a group, by the routes' ids. */
export type GroupHandlers<Group extends Route['group'], Given> = {
  [Id in RouteId as (typeof ROUTES)[Id]['group'] extends Group ? Id : never]: RouteHandler<Id, Given>
}

/** A route of the table with its handler, whose types hold once the request has been validated. */
export interface BoundRoute {
  route: Route
  handle: (request: {
    params: unknown
    query: unknown
    body: unknown
    principal: Principal | undefined
  }) => Promise<Answer<unknown>>
}

/** The handlers, with their ports in hand, by the gateway's route key, such as `GET /v1/apps/{app}`. */
export function bindRoutes<Group extends Route['group'], Given>(
  routes: GroupRoutes<Group>,
  ports: Given,
  handlers: GroupHandlers<Group, Given>,
): ReadonlyMap<string, BoundRoute> {
  const bound = new Map<string, BoundRoute>()
  for (const [id, handler] of Object.entries(handlers)) {
    const route: Route = routes[id as keyof GroupRoutes<Group>]
    const handle = handler as (ports: Given, request: unknown) => Promise<Answer<unknown>>
    bound.set(routeKey(route), { route, handle: (request) => handle(ports, request) })
  }
  return bound
}

export function routeKey({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`
}

type PrincipalFor<Audience> = Audience extends 'user'
  ? Extract<Principal, { kind: 'user' }>
  : Audience extends 'container'
    ? Extract<Principal, { kind: 'container' }>
    : Audience extends 'user-or-container'
      ? Principal
      : undefined
