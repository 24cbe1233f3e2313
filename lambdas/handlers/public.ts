import type { ApiHandler } from '../../protocol/gateway.ts'
import { PUBLIC_ROUTES } from '../../protocol/public-routes.ts'
import { openHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

/** What needs no token. */
export function makePublicHandler(report?: ReportError): ApiHandler {
  return openHandler(PUBLIC_ROUTES, { health, openapi }, report)
}

const health: RouteHandler<'health', undefined> = async () => ({ body: { status: 'ok' } })

/** Whoever asks whether the control plane answers does not wait for the schemas of all routes. */
const openapi: RouteHandler<'openapi', undefined> = async () => {
  const { openApiDocument } = await import('../openapi.ts')
  return { body: openApiDocument() }
}
