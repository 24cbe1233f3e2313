import { environmentOf } from '../../control/access.ts'
import { type AcceptPorts, accept, awaitCall, cancel, findCall } from '../../control/calls.ts'
import { findApp } from '../../control/find.ts'
import { isTerminal } from '../../control/model.ts'
import type { Needs } from '../../control/ports.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import { argumentsOf } from '../payloads.ts'
import type { RouteHandler } from '../route-handler.ts'
import { callSummary, callView, pageView } from '../views.ts'

export type CallsPorts = AcceptPorts & Needs<'blobs' | 'events'>

const ENDED = 200

/** Executions of functions. */
export function makeCallsHandler(ports: CallsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'calls', CallsPorts>(
    ports,
    { call: callFunction, getCall, cancelCall, listCalls },
    report,
  )
}

const callFunction: RouteHandler<'call', CallsPorts> = async (ports, { params, query, body }) => {
  const accepted = await accept(ports, {
    key: { env: query.env, app: params.app },
    function: params.function,
    args: await argumentsOf(ports, body),
    source: 'api',
    idempotencyKey: body.idempotencyKey,
    version: body.version,
  })
  const call = await awaitCall(ports, accepted.id, body.wait * 1000)
  const view = await callView(ports, call)
  return isTerminal(call.status) ? { status: ENDED, body: view } : { body: view }
}

const getCall: RouteHandler<'getCall', CallsPorts> = async (ports, { params, query, principal }) => {
  await findCall(ports, params.id, await environmentOf(ports, principal))
  return { body: await callView(ports, await awaitCall(ports, params.id, query.wait * 1000)) }
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
