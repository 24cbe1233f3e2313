import * as z from 'zod'
import { VersionView } from './api.ts'
import { PromoteRequest, UnstageRequest } from './app-requests.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import type { Route } from './route.ts'

const common = {
  method: 'POST',
  group: 'deployments',
  audience: 'user',
  scopes: ['deploy'],
  params: z.strictObject({ app: AppName }),
  query: z.strictObject({ env: EnvName.default(DEFAULT_ENV) }),
  response: VersionView,
} as const

/** What becomes of versions that were staged. */
export const RELEASE_ROUTES = {
  promote: {
    ...common,
    path: '/v1/apps/{app}/promote',
    summary: 'Make a staged version live, under a new number',
    body: PromoteRequest,
    status: 202,
  },
  unstage: {
    ...common,
    path: '/v1/apps/{app}/unstage',
    summary: 'Give up a staged version: its addresses go',
    body: UnstageRequest,
    status: 200,
  },
} as const satisfies Record<string, Route>
