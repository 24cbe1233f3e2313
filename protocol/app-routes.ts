import * as z from 'zod'
import * as api from './api.ts'
import * as requests from './app-requests.ts'
import { AppView } from './app-view.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import { AppsQuery, PageQuery, page } from './page.ts'
import type { Route } from './route.ts'

const env = EnvName.default(DEFAULT_ENV)
const inEnv = z.strictObject({ env })
const appParams = z.strictObject({ app: AppName })
const version = z.coerce.number().int().min(1)

const deployments = { group: 'deployments', audience: 'user' } as const

/** Routes of apps and their versions. */
export const APP_ROUTES = {
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
    params: z.strictObject({}),
    query: z.strictObject({ env, ...AppsQuery }),
    status: 200,
    response: page(AppView),
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
    response: AppView,
  },
  listVersions: {
    ...deployments,
    method: 'GET',
    path: '/v1/apps/{app}/versions',
    scopes: ['read'],
    summary: 'History, newest first',
    params: appParams,
    query: z.strictObject({ env, ...PageQuery }),
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
    response: AppView,
  },
} as const satisfies Record<string, Route>
