import middy from '@middy/core'
import type { Needs } from '../control/ports.ts'
import type { ApiEvent, ApiHandler, ApiResult } from '../protocol/gateway.ts'
import type { Route } from '../protocol/route.ts'
import type { ExchangeContext, Middleware } from './exchange.ts'
import { answerProblems, type ReportError, reportToConsole } from './middleware/answer-problems.ts'
import { authenticateSender } from './middleware/authenticate-sender.ts'
import { confineSender } from './middleware/confine-sender.ts'
import { findRoute } from './middleware/find-route.ts'
import { readRequest } from './middleware/read-request.ts'
import { resultOf } from './result.ts'
import { type BoundRoute, bindRoutes, type GroupHandlers, type GroupRoutes } from './route-handler.ts'

/**
 * One Lambda handler for a group of routes. Whatever goes wrong is answered as a problem; `report` is told of what is
 * our fault.
 */
export function groupHandler<
  Group extends Exclude<Route['group'], 'public'>,
  Given extends Needs<'clock' | 'keys' | 'store'>,
>(
  routes: GroupRoutes<Group>,
  ports: Given,
  handlers: GroupHandlers<Group, Given>,
  report?: ReportError,
): ApiHandler {
  const guards = [authenticateSender(ports), confineSender(ports)]
  return stackOf(bindRoutes<Group, Given>(routes, ports, handlers), guards, report)
}

/** The same for the routes that are for anyone, which need no ports. */
export function openHandler(
  routes: GroupRoutes<'public'>,
  handlers: GroupHandlers<'public', undefined>,
  report?: ReportError,
): ApiHandler {
  return stackOf(bindRoutes<'public', undefined>(routes, undefined, handlers), [], report)
}

function stackOf(
  routes: ReadonlyMap<string, BoundRoute>,
  guards: Middleware[],
  report: ReportError = reportToConsole,
): ApiHandler {
  const stack = middy<ApiEvent, ApiResult, Error, ExchangeContext>()
    .use(answerProblems(report))
    .use(findRoute(routes))
    .use(guards)
    .use(readRequest())
    .handler(async ({ requestContext }: ApiEvent, { exchange }: ExchangeContext) => {
      const { route, principal, input, watch } = exchange
      const answer = await route.handle({ ...input, principal })
      const watchedAnswer = 'lines' in answer && watch ? { lines: watch(answer.lines) } : answer
      return resultOf(requestContext.requestId, route.route, watchedAnswer)
    })
  // Nothing here reads Lambda's own context, so a server that has none may call it as well.
  return stack as unknown as ApiHandler
}
