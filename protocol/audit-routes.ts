import * as z from 'zod'
import { PageQuery } from './api.ts'
import { AuditEntryView } from './audit.ts'
import { AppName, DEFAULT_ENV, EnvName } from './names.ts'
import type { Route } from './route.ts'

const none = z.strictObject({})
const env = EnvName.default(DEFAULT_ENV)

/** What was changed, and who is told of what goes wrong. */
export const AUDIT_ROUTES = {
  listAudit: {
    method: 'GET',
    path: '/v1/audit',
    group: 'audit',
    audience: 'user',
    scopes: ['read'],
    summary: 'Changes of an environment or of one app, newest first',
    params: none,
    query: z.strictObject({ env, app: AppName.optional(), ...PageQuery }),
    status: 200,
    response: z.object({ items: z.array(AuditEntryView), cursor: z.string().optional() }),
  },
} as const satisfies Record<string, Route>
