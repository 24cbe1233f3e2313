import * as z from 'zod'
import * as api from './api.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import type { Route } from './route.ts'

const env = EnvName.default(DEFAULT_ENV)

/** Routes of what is told as it happens. */
export const LOG_ROUTES = {
  logs: {
    method: 'GET',
    path: '/v1/apps/{app}/logs',
    group: 'logs',
    audience: 'user',
    scopes: ['read'],
    summary: 'Log lines as NDJSON, oldest first; `follow` streams',
    params: z.strictObject({ app: AppName }),
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
    params: z.strictObject({}),
    query: z.strictObject({ env, app: AppName.optional() }),
    status: 200,
    response: z.string(),
    streams: 'text/event-stream',
  },
} as const satisfies Record<string, Route>
