import type { ApiHandler } from '../../../protocol/gateway.ts'
import type { Route } from '../../../protocol/route.ts'

/** What serves one method of one path. */
export interface Endpoint {
  routeKey: string
  /** The path's parameters, in their order. */
  parameters: string[]
  handler: ApiHandler
}

export type Match =
  | { kind: 'found'; endpoint: Endpoint; values: string[] }
  | { kind: 'no_route' }
  | { kind: 'wrong_method'; allowed: string[] }
  | { kind: 'malformed' }

interface Step {
  literals: Map<string, Step>
  parameter: Step | undefined
  methods: Map<string, Endpoint>
}

const NO_ROUTE: Match = { kind: 'no_route' }
const MALFORMED: Match = { kind: 'malformed' }

/** The routes as a tree of path segments, so that finding one takes as long as its path, not as the table. */
export class RouteTable {
  readonly #root = emptyStep()

  constructor(routes: Iterable<Route>, handlers: Readonly<Record<Route['group'], ApiHandler>>) {
    for (const route of routes) this.#add(route, handlers[route.group])
  }

  /** `path` is as it came: encoded, without the query. A segment is never taken for more than one, whatever it decodes to. */
  match(method: string, path: string): Match {
    if (path.charAt(0) !== '/') return NO_ROUTE
    let step = this.#root
    const values: string[] = []
    for (let start = 1, end = 0; end < path.length; start = end + 1) {
      end = path.indexOf('/', start)
      if (end === -1) end = path.length
      const segment = path.slice(start, end)
      const literal = step.literals.get(segment)
      const next = literal ?? step.parameter
      if (!next || segment === '') return NO_ROUTE
      if (!literal) {
        const value = decoded(segment)
        if (value === undefined) return MALFORMED
        values.push(value)
      }
      step = next
    }
    const endpoint = step.methods.get(method)
    if (endpoint) return { kind: 'found', endpoint, values }
    return step.methods.size === 0 ? NO_ROUTE : { kind: 'wrong_method', allowed: [...step.methods.keys()] }
  }

  #add(route: Route, handler: ApiHandler): void {
    let step = this.#root
    const parameters: string[] = []
    for (const segment of route.path.slice(1).split('/')) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1]
      if (name === undefined) {
        const next = step.literals.get(segment) ?? emptyStep()
        step.literals.set(segment, next)
        step = next
      } else {
        parameters.push(name)
        step.parameter ??= emptyStep()
        step = step.parameter
      }
    }
    step.methods.set(route.method, { routeKey: `${route.method} ${route.path}`, parameters, handler })
  }
}

function emptyStep(): Step {
  return { literals: new Map(), parameter: undefined, methods: new Map() }
}

function decoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
