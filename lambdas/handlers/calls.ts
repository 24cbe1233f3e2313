import { environmentOf, nameOf, type Principal, requireScope } from '../../control/access.ts'
import { type AcceptPorts, accept, awaitCall, cancel, findCall } from '../../control/calls.ts'
import { findApp } from '../../control/find.ts'
import { isTerminal } from '../../control/model.ts'
import type { Needs } from '../../control/ports.ts'
import { CALL_ROUTES } from '../../protocol/call-routes.ts'
import { SluiceError } from '../../protocol/errors.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import { argumentsOf } from '../payloads.ts'
import type { RouteHandler } from '../route-handler.ts'
import { callSummary, callView, pageView, withArguments } from '../views.ts'

export type CallsPorts = AcceptPorts & Needs<'blobs' | 'events'>

const ENDED = 200

/** Executions of functions. */
export function makeCallsHandler(ports: CallsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'calls', CallsPorts>(
    CALL_ROUTES,
    ports,
    { call: callFunction, getCall, listChildren, cancelCall, listCalls },
    report,
  )
}

const callFunction: RouteHandler<'call', CallsPorts> = async (ports, { params, query, body, principal }) => {
  const accepted = await accept(ports, {
    key: { env: query.env, app: params.app },
    function: params.function,
    args: await argumentsOf(ports, body),
    source: 'api',
    by: nameOf(principal),
    parent: body.parent === undefined ? undefined : parentOf(principal, body.parent),
    idempotencyKey: body.idempotencyKey,
    version: body.version,
  })
  const call = await awaitCall(ports, accepted.id, body.wait * 1000)
  const view = await callView(ports, call)
  return isTerminal(call.status) ? { status: ENDED, body: view } : { body: view }
}

function parentOf(principal: Principal, call: string): { call: string; container: string } {
  if (principal.kind === 'container') return { call, container: principal.id }
  const message = 'is for containers, which name the call that they run: leave it out'
  throw new SluiceError('invalid_request', `parent ${message}.`, [{ path: 'parent', message }])
}

const getCall: RouteHandler<'getCall', CallsPorts> = async (ports, { params, query, principal }) => {
  if (query.args) requireLook(principal)
  await findCall(ports, params.id, await environmentOf(ports, principal))
  const call = await awaitCall(ports, params.id, query.wait * 1000)
  const view = await callView(ports, call)
  return { body: query.args ? await withArguments(ports, view, call) : view }
}

/** Whoever only calls is told results: what others were called with is for those who may look at what others do. */
function requireLook(principal: Principal): void {
  if (principal.kind === 'container')
    throw new SluiceError('forbidden', 'What a call was called with is told to people; leave `args` out.')
  requireScope(principal, ['read'])
}

const listChildren: RouteHandler<'listChildren', CallsPorts> = async (
  ports,
  { params, query, principal },
) => {
  const parent = await findCall(ports, params.id, principal.env)
  const page = await ports.store.childCalls(parent.id, query)
  return { body: pageView(page, page.items.map(callSummary)) }
}

const cancelCall: RouteHandler<'cancelCall', CallsPorts> = async (ports, { params, principal }) => {
  await findCall(ports, params.id, await environmentOf(ports, principal))
  return { body: await callView(ports, await cancel(ports, params.id)) }
}

const listCalls: RouteHandler<'listCalls', CallsPorts> = async (ports, { params, query }) => {
  const app = await findApp(ports, { env: query.env, app: params.app })
  const page = await ports.store.calls(app, query, query)
  return { body: pageView(page, page.items.map(callSummary)) }
}
