import { findContainer, type KillPorts, stopContainer as stop } from '../../control/containers.ts'
import { findApp } from '../../control/find.ts'
import type { Needs } from '../../control/ports.ts'
import { CONTAINER_ROUTES } from '../../protocol/container-routes.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'
import { containerView, pageView } from '../views.ts'

export type ContainersPorts = KillPorts & Needs<'ids' | 'keys'>

/** Running instances of functions. */
export function makeContainersHandler(ports: ContainersPorts, report?: ReportError): ApiHandler {
  return groupHandler<'containers', ContainersPorts>(
    CONTAINER_ROUTES,
    ports,
    { listContainers, getContainer, stopContainer },
    report,
  )
}

const listContainers: RouteHandler<'listContainers', ContainersPorts> = async (ports, { params, query }) => {
  const app = await findApp(ports, { env: query.env, app: params.app })
  const page = await ports.store.containersPage(app, query, query)
  return { body: pageView(page, page.items.map(containerView)) }
}

const getContainer: RouteHandler<'getContainer', ContainersPorts> = async (ports, { params, principal }) => ({
  body: containerView(await findContainer(ports, params.id, principal.env)),
})

const stopContainer: RouteHandler<'stopContainer', ContainersPorts> = async (
  ports,
  { params, body, principal },
) => {
  await findContainer(ports, params.id, principal.env)
  const container = await stop(ports, params.id, { graceful: body.graceful, by: principal.name })
  return { body: containerView(container) }
}
