import * as z from 'zod'
import * as api from './api.ts'
import * as requests from './app-requests.ts'
import { AUDIT_ROUTES } from './audit-routes.ts'
import { CALL_ROUTES } from './call-routes.ts'
import { CHANGE_ROUTES } from './change-routes.ts'
import { COLLECTION_ROUTES } from './collection-routes.ts'
import { CONTAINER_ROUTES } from './container-routes.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import { page } from './page.ts'
import { RELEASE_ROUTES } from './release-routes.ts'
import type { Route } from './route.ts'
import { RUNTIME_ROUTES } from './runtime-routes.ts'
import { SCHEDULE_ROUTES } from './schedule-routes.ts'
import { SECRET_ROUTES } from './secret-routes.ts'
import { SESSION_ROUTES } from './session-routes.ts'
import { TOKEN_ROUTES } from './token-routes.ts'
import { USAGE_ROUTES } from './usage-routes.ts'

const env = EnvName.default(DEFAULT_ENV)
const noParams = z.strictObject({})
const inEnv = z.strictObject({ env })
const appParams = z.strictObject({ app: AppName })
const version = z.coerce.number().int().min(1)

const deployments = { group: 'deployments', audience: 'user' } as const

/** Every route, once: validation, types, `/openapi.json` and the gateway's configuration all come from here. */
export const ROUTES = {
  health: {
    method: 'GET',
    path: '/healthz',
    group: 'public',
    audience: 'anyone',
    scopes: [],
    summary: 'Whether the control plane answers',
    params: noParams,
    query: noParams,
    status: 200,
    response: z.object({ status: z.literal('ok') }),
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    group: 'public',
    audience: 'anyone',
    scopes: [],
    summary: 'This document',
    params: noParams,
    query: noParams,
    status: 200,
    response: z.looseObject({}),
  },

  missingBlobs: {
    method: 'POST',
    path: '/v1/blobs/missing',
    group: 'blobs',
    audience: 'user-or-container',
    scopes: ['call', 'deploy'],
    summary: 'Which contents are not stored yet, and where to upload them',
    params: noParams,
    query: inEnv,
    body: requests.MissingBlobsRequest,
    status: 200,
    response: requests.MissingBlobs,
  },

  deploy: {
    ...deployments,
    method: 'POST',
    path: '/v1/apps/{app}/versions',
    scopes: ['deploy'],
    summary: 'Deploy a new version',
    params: appParams,
    query: inEnv,
    body: requests.DeployRequest,
    status: 202,
    response: api.VersionView,
  },
  listApps: {
    ...deployments,
    method: 'GET',
    path: '/v1/apps',
    scopes: ['read'],
    summary: 'Apps of an environment',
    params: noParams,
    query: z.strictObject({ env, ...api.AppsQuery }),
    status: 200,
    response: page(api.AppView),
  },
  getApp: {
    ...deployments,
    method: 'GET',
    path: '/v1/apps/{app}',
    scopes: ['read'],
    summary: 'One app, with what each of its versions still runs',
    params: appParams,
    query: inEnv,
    status: 200,
    response: api.AppView,
  },
  listVersions: {
    ...deployments,
    method: 'GET',
    path: '/v1/apps/{app}/versions',
    scopes: ['read'],
    summary: 'History, newest first',
    params: appParams,
    query: z.strictObject({ env, ...api.PageQuery }),
    status: 200,
    response: page(api.VersionView),
  },
  getVersion: {
    ...deployments,
    method: 'GET',
    path: '/v1/apps/{app}/versions/{version}',
    scopes: ['read'],
    summary: 'One version and its rollout; `wait` holds the answer until the rollout has ended',
    params: z.strictObject({ app: AppName, version }),
    query: z.strictObject({ env, wait: api.WaitQuery }),
    status: 200,
    response: api.VersionView,
  },
  rollback: {
    ...deployments,
    method: 'POST',
    path: '/v1/apps/{app}/rollback',
    scopes: ['deploy'],
    summary: 'Deploy an earlier version again',
    params: appParams,
    query: inEnv,
    body: requests.RollbackRequest,
    status: 202,
    response: api.VersionView,
  },
  rollover: {
    ...deployments,
    method: 'POST',
    path: '/v1/apps/{app}/rollover',
    scopes: ['deploy'],
    summary: 'Deploy the live version again, in fresh containers',
    params: appParams,
    query: inEnv,
    body: requests.RolloverRequest,
    status: 202,
    response: api.VersionView,
  },
  stop: {
    ...deployments,
    method: 'POST',
    path: '/v1/apps/{app}/stop',
    scopes: ['deploy'],
    summary: 'Stop the app and all that it runs',
    params: appParams,
    query: inEnv,
    body: requests.StopRequest,
    status: 202,
    response: api.AppView,
  },

  ...CHANGE_ROUTES,
  ...CALL_ROUTES,
  ...CONTAINER_ROUTES,

  logs: {
    method: 'GET',
    path: '/v1/apps/{app}/logs',
    group: 'logs',
    audience: 'user',
    scopes: ['read'],
    summary: 'Log lines as NDJSON, oldest first; `follow` streams',
    params: appParams,
    query: z.strictObject({ env, ...api.LogsQuery }),
    status: 200,
    response: z.string(),
    streams: 'application/x-ndjson',
  },
  changes: {
    method: 'GET',
    path: '/v1/changes',
    group: 'logs',
    audience: 'user',
    scopes: ['read'],
    summary: 'Of which apps something has changed, as server-sent events: look at them again',
    params: noParams,
    query: z.strictObject({ env, app: AppName.optional() }),
    status: 200,
    response: z.string(),
    streams: 'text/event-stream',
  },

  ...AUDIT_ROUTES,
  ...TOKEN_ROUTES,
  ...SESSION_ROUTES,
  ...SCHEDULE_ROUTES,
  ...SECRET_ROUTES,
  ...USAGE_ROUTES,
  ...COLLECTION_ROUTES,
  ...RELEASE_ROUTES,
  ...RUNTIME_ROUTES,
} as const satisfies Record<string, Route>

export type RouteId = keyof typeof ROUTES
export type RouteParams<Id extends RouteId> = z.output<(typeof ROUTES)[Id]['params']>
export type RouteQuery<Id extends RouteId> = z.output<(typeof ROUTES)[Id]['query']>
export type RouteBody<Id extends RouteId> = (typeof ROUTES)[Id] extends { body: infer Body extends z.ZodType }
  ? z.output<Body>
  : undefined
/** A body as a client may write it: what has a default may be left out. */
export type RouteInput<Id extends RouteId> = (typeof ROUTES)[Id] extends {
  body: infer Body extends z.ZodType
}
  ? z.input<Body>
  : undefined
export type RouteResponse<Id extends RouteId> = z.output<(typeof ROUTES)[Id]['response']>
