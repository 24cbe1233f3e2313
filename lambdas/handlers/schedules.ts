import type { AcceptPorts } from '../../control/calls.ts'
import { listSchedules as list } from '../../control/describe-schedules.ts'
import type { Needs } from '../../control/ports.ts'
import {
  pauseSchedule as pause,
  resumeSchedule as resume,
  triggerSchedule as trigger,
} from '../../control/schedule-requests.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { SCHEDULE_ROUTES } from '../../protocol/schedule-routes.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler, RouteRequest } from '../route-handler.ts'
import { scheduleView } from '../schedule-views.ts'
import { callSummary } from '../views.ts'

export type SchedulesPorts = AcceptPorts & Needs<'clock' | 'ids'>

/** Functions that run by themselves. */
export function makeSchedulesHandler(ports: SchedulesPorts, report?: ReportError): ApiHandler {
  return groupHandler<'schedules', SchedulesPorts>(
    SCHEDULE_ROUTES,
    ports,
    { listSchedules, triggerSchedule, pauseSchedule, resumeSchedule },
    report,
  )
}

const listSchedules: RouteHandler<'listSchedules', SchedulesPorts> = async (ports, { params, query }) => ({
  body: { items: (await list(ports, { env: query.env, app: params.app })).map(scheduleView) },
})

const triggerSchedule: RouteHandler<'triggerSchedule', SchedulesPorts> = async (ports, request) => ({
  body: callSummary(await trigger(ports, wished(request))),
})

const pauseSchedule: RouteHandler<'pauseSchedule', SchedulesPorts> = async (ports, request) => ({
  body: scheduleView(await pause(ports, wished(request))),
})

const resumeSchedule: RouteHandler<'resumeSchedule', SchedulesPorts> = async (ports, request) => ({
  body: scheduleView(await resume(ports, wished(request))),
})

function wished<Body>({
  params,
  query,
  body,
  principal,
}: Omit<RouteRequest<'pauseSchedule'>, 'body'> & { body: Body }) {
  const { app, function: name } = params
  return { ...body, key: { env: query.env, app }, function: name, by: principal.name }
}
