import * as z from 'zod'
import { ActivityView } from './activity.ts'
import { AppName, DEFAULT_ENV, EnvName, FunctionName } from './names.ts'
import { AppsQuery, PageQuery } from './page.ts'
import type { Route } from './route.ts'
import { AppsUsageView, UsageView } from './usage-view.ts'

const env = EnvName.default(DEFAULT_ENV)
const Time = z.iso.datetime({ offset: true })
const Range = { since: Time.optional(), until: Time.optional() }

/** What apps did, and what that cost. */
export const USAGE_ROUTES = {
  getUsage: {
    method: 'GET',
    path: '/v1/apps/{app}/usage',
    group: 'usage',
    audience: 'user',
    scopes: ['read'],
    summary:
      'What an app, or a function or version of it, did and cost, by function or version, over the last day unless told otherwise',
    params: z.strictObject({ app: AppName }),
    query: z.strictObject({
      env,
      ...Range,
      function: FunctionName.optional(),
      version: z.coerce.number().int().min(1).optional(),
      by: z.enum(['function', 'version']).default('function'),
      /** In parts of so long, aligned to UTC. */
      step: z.enum(['5m', '1h', '1d']).optional(),
    }),
    status: 200,
    response: UsageView,
  },
  listUsage: {
    method: 'GET',
    path: '/v1/usage',
    group: 'usage',
    audience: 'user',
    scopes: ['read'],
    summary: 'What each app of an environment did and cost',
    params: z.strictObject({}),
    query: z.strictObject({ env, ...Range, ...PageQuery }),
    status: 200,
    response: AppsUsageView,
  },
  listActivity: {
    method: 'GET',
    path: '/v1/activity',
    group: 'usage',
    audience: 'user',
    scopes: ['read'],
    summary: 'What apps of an environment did in the last hour, who deployed them, and what comes next',
    params: z.strictObject({}),
    /** The same pages as of `listApps`. */
    query: z.strictObject({ env, ...AppsQuery }),
    status: 200,
    response: ActivityView,
  },
} as const satisfies Record<string, Route>
