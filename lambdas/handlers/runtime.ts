import { requirePresence } from '../../control/access.ts'
import type { Needs } from '../../control/ports.ts'
import type { RuntimePorts } from '../../control/runtime.ts'
import * as runtime from '../../control/runtime.ts'
import { judgeCaller } from '../../control/web-callers.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { RUNTIME_ROUTES } from '../../protocol/runtime-routes.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

export type RuntimeHandlerPorts = RuntimePorts & Needs<'keys'>

/** What a container says about itself, and is told. */
export function makeRuntimeHandler(ports: RuntimeHandlerPorts, report?: ReportError): ApiHandler {
  return groupHandler<'runtime', RuntimeHandlerPorts>(
    RUNTIME_ROUTES,
    ports,
    { boot, ready, next, heartbeat, exit, upload, judge },
    report,
  )
}

const boot: RouteHandler<'boot', RuntimeHandlerPorts> = async (ports, { principal }) => ({
  body: await runtime.boot(ports, principal.id),
})

const ready: RouteHandler<'ready', RuntimeHandlerPorts> = async (ports, { principal, body }) => ({
  body: await runtime.ready(ports, principal.id, body),
})

const next: RouteHandler<'next', RuntimeHandlerPorts> = async (ports, { principal, body }) => ({
  body: await runtime.next(ports, principal.id, body),
})

const heartbeat: RouteHandler<'heartbeat', RuntimeHandlerPorts> = async (ports, { principal, body }) => ({
  body: await runtime.heartbeat(ports, principal.id, body),
})

const exit: RouteHandler<'exit', RuntimeHandlerPorts> = async (ports, { principal, body }) => {
  await runtime.exit(ports, principal.id, body)
  return { body: {} }
}

const upload: RouteHandler<'upload', RuntimeHandlerPorts> = async (ports, { principal, body }) => {
  await requirePresence(ports, principal.id)
  return { body: await runtime.upload(ports, body) }
}

const judge: RouteHandler<'judge', RuntimeHandlerPorts> = async (ports, { principal, body }) => ({
  body: await judgeCaller(ports, principal.id, body.token),
})
