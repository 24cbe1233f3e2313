import * as z from 'zod'
import * as api from './api.ts'
import * as requests from './app-requests.ts'
import { AutoscalerRequest, AutoscalerView } from './autoscaler.ts'
import * as changes from './changes.ts'
import { AppName, DEFAULT_ENV, EnvName, FunctionName, Tag } from './names.ts'
import type { Route } from './route.ts'

const env = EnvName.default(DEFAULT_ENV)
const version = z.coerce.number().int().min(1)

const aboutApp = {
  group: 'deployments',
  audience: 'user',
  params: z.strictObject({ app: AppName }),
  query: z.strictObject({ env }),
} as const

/** What a change would do, or has done. */
export const CHANGE_ROUTES = {
  plan: {
    ...aboutApp,
    method: 'POST',
    path: '/v1/apps/{app}/plan',
    scopes: ['read'],
    summary: 'What a deploy of this manifest would change; nothing is changed',
    body: changes.PlanRequest,
    status: 200,
    response: changes.PlanView,
  },
  diff: {
    ...aboutApp,
    method: 'GET',
    path: '/v1/apps/{app}/diff',
    scopes: ['read'],
    summary: 'What differs between two versions; `to` is the live one unless given',
    query: z.strictObject({ env, from: version, to: version.optional() }),
    status: 200,
    response: changes.DiffView,
  },
  previewRollback: {
    ...aboutApp,
    method: 'GET',
    path: '/v1/apps/{app}/rollback',
    scopes: ['read'],
    summary: 'Where a rollback would go to, and what it would change',
    query: z.strictObject({ env, version: version.optional(), tag: Tag.optional() }),
    status: 200,
    response: changes.RollbackPreview,
  },
  start: {
    ...aboutApp,
    method: 'POST',
    path: '/v1/apps/{app}/start',
    scopes: ['deploy'],
    summary: 'Bring a stopped app back, as a new version of the one that was live last',
    body: requests.StartRequest,
    status: 202,
    response: api.VersionView,
  },
  keepAlive: {
    ...aboutApp,
    method: 'POST',
    path: '/v1/apps/{app}/keep-alive',
    scopes: ['deploy'],
    summary: 'Have an ephemeral app live for so much longer',
    body: requests.KeepAliveRequest,
    status: 200,
    response: requests.Lease,
  },
  changeAutoscaler: {
    ...aboutApp,
    method: 'PATCH',
    path: '/v1/apps/{app}/functions/{function}/autoscaler',
    scopes: ['deploy'],
    summary: 'Change how a function is scaled, at once and without a deploy; `null` gives a setting back',
    params: z.strictObject({ app: AppName, function: FunctionName }),
    body: AutoscalerRequest,
    status: 200,
    response: AutoscalerView,
  },
} as const satisfies Record<string, Route>
