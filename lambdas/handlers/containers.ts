import { findContainer, stopContainer as stop } from '../../control/containers.ts'
import { findApp } from '../../control/find.ts'
import type { Ports } from '../../control/ports.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { containerView } from '../views.ts'

/** Running instances of functions. */
export function makeContainersHandler(ports: Ports, report?: ReportError): ApiHandler {
  return groupHandler<'containers'>(ports, { listContainers, getContainer, stopContainer }, report)
}

const listContainers: RouteHandler<'listContainers'> = async (ports, { params, query }) => {
  const app = await findApp(ports, { env: query.env, app: params.app })
  const containers = await ports.store.containers(app, { all: query.all })
  return { body: { items: containers.map(containerView) } }
}

const getContainer: RouteHandler<'getContainer'> = async (ports, { params }) => ({
  body: containerView(await findContainer(ports, params.id)),
})

const stopContainer: RouteHandler<'stopContainer'> = async (ports, { params, body, principal }) => ({
  body: containerView(await stop(ports, params.id, { graceful: body.graceful, by: principal.name })),
})
