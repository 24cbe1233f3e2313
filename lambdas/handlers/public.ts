import type { Ports } from '../../control/ports.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import { openApiDocument } from '../openapi.ts'
import type { RouteHandler } from '../route-handler.ts'

/** What needs no token. */
export function makePublicHandler(ports: Ports, report?: ReportError): ApiHandler {
  return groupHandler<'public'>(ports, { health, openapi }, report)
}

const health: RouteHandler<'health'> = async () => ({ body: { status: 'ok' } })

const openapi: RouteHandler<'openapi'> = async () => ({ body: openApiDocument() })
