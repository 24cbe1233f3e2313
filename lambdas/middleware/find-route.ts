import { SluiceError } from '../../protocol/errors.ts'
import type { Middleware } from '../exchange.ts'
import type { BoundRoute } from '../route-handler.ts'

const NOTHING_READ = { params: undefined, query: undefined, body: undefined }

/** The gateway has matched the path already; its route key says which of the group's routes is meant. */
export function findRoute(routes: ReadonlyMap<string, BoundRoute>): Middleware {
  return {
    before: ({ event, context }) => {
      const route = routes.get(event.routeKey)
      if (!route) throw routeNotFound(event.requestContext.http.method, event.rawPath)
      context.exchange = { route, principal: undefined, input: NOTHING_READ }
    },
  }
}

function routeNotFound(method: string, path: string): SluiceError {
  return new SluiceError(
    'route_not_found',
    `There is no ${method} ${path}. See /openapi.json for the routes there are.`,
  )
}
