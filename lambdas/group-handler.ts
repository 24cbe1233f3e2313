import middy from '@middy/core'
import type { Ports } from '../control/ports.ts'
import type { ApiEvent, ApiHandler, ApiResult } from '../protocol/gateway.ts'
import type { Route } from '../protocol/route.ts'
import type { ExchangeContext } from './exchange.ts'
import { answerProblems, type ReportError, reportToConsole } from './middleware/answer-problems.ts'
import { authenticateSender } from './middleware/authenticate-sender.ts'
import { confineContainer } from './middleware/confine-container.ts'
import { findRoute } from './middleware/find-route.ts'
import { readRequest } from './middleware/read-request.ts'
import { resultOf } from './result.ts'
import { bindRoutes, type GroupHandlers } from './route-handler.ts'

/**
 * One Lambda handler for a group of routes. Whatever goes wrong is answered as a problem; `report` is told of what is
 * our fault.
 */
export function groupHandler<Group extends Route['group']>(
  ports: Ports,
  handlers: GroupHandlers<Group>,
  report: ReportError = reportToConsole,
): ApiHandler {
  const stack = middy<ApiEvent, ApiResult, Error, ExchangeContext>()
    .use(answerProblems(report))
    .use(findRoute(bindRoutes(handlers)))
    .use(authenticateSender(ports))
    .use(readRequest())
    .use(confineContainer(ports))
    .handler(async (event: ApiEvent, { exchange: { route, principal, input } }: ExchangeContext) =>
      resultOf(
        event.requestContext.requestId,
        route.route,
        await route.handle(ports, { ...input, principal }),
      ),
    )
  // Nothing here reads Lambda's own context, so a server that has none may call it as well.
  return stack as unknown as ApiHandler
}
