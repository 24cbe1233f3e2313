import * as z from 'zod'
import * as api from './api.ts'
import { AppName, DEFAULT_ENV, EnvName, FunctionName } from './names.ts'
import type { Route } from './route.ts'
import * as schedules from './schedules.ts'

const inEnv = z.strictObject({ env: EnvName.default(DEFAULT_ENV) })

const toSchedule = {
  method: 'POST',
  group: 'schedules',
  audience: 'user',
  scopes: ['deploy'],
  params: z.strictObject({ app: AppName, function: FunctionName }),
  query: inEnv,
} as const

/** Functions that run by themselves, and what became of that. */
export const SCHEDULE_ROUTES = {
  listSchedules: {
    method: 'GET',
    path: '/v1/apps/{app}/schedules',
    group: 'schedules',
    audience: 'user',
    scopes: ['read'],
    summary: 'Schedules of an app, with their next and last firings',
    params: z.strictObject({ app: AppName }),
    query: inEnv,
    status: 200,
    response: z.object({ items: z.array(schedules.ScheduleView), cursor: z.string().optional() }),
  },
  triggerSchedule: {
    ...toSchedule,
    path: '/v1/apps/{app}/schedules/{function}/trigger',
    summary: 'Run a scheduled function now, whether or not it is paused',
    body: schedules.TriggerRequest,
    status: 202,
    response: api.CallView,
  },
  pauseSchedule: {
    ...toSchedule,
    path: '/v1/apps/{app}/schedules/{function}/pause',
    summary: 'Let slots pass without a call, over deploys too, until it is resumed',
    body: schedules.PauseRequest,
    status: 200,
    response: schedules.ScheduleView,
  },
  resumeSchedule: {
    ...toSchedule,
    path: '/v1/apps/{app}/schedules/{function}/resume',
    summary: 'Make calls again, from the next slot on',
    body: schedules.PauseRequest,
    status: 200,
    response: schedules.ScheduleView,
  },
} as const satisfies Record<string, Route>
