import type * as z from 'zod'
import { APP_ROUTES } from './app-routes.ts'
import { AUDIT_ROUTES } from './audit-routes.ts'
import { BLOB_ROUTES } from './blob-routes.ts'
import { CALL_ROUTES } from './call-routes.ts'
import { CHANGE_ROUTES } from './change-routes.ts'
import { COLLECTION_ROUTES } from './collection-routes.ts'
import { CONTAINER_ROUTES } from './container-routes.ts'
import { LOG_ROUTES } from './log-routes.ts'
import { PUBLIC_ROUTES } from './public-routes.ts'
import { RELEASE_ROUTES } from './release-routes.ts'
import type { Route } from './route.ts'
import { RUNTIME_ROUTES } from './runtime-routes.ts'
import { SCHEDULE_ROUTES } from './schedule-routes.ts'
import { SECRET_ROUTES } from './secret-routes.ts'
import { SESSION_ROUTES } from './session-routes.ts'
import { TOKEN_ROUTES } from './token-routes.ts'
import { USAGE_ROUTES } from './usage-routes.ts'

/** Every route, once: validation, types, `/openapi.json` and the gateway's configuration all come from here. */
export const ROUTES = {
  ...PUBLIC_ROUTES,
  ...BLOB_ROUTES,
  ...APP_ROUTES,
  ...CHANGE_ROUTES,
  ...CALL_ROUTES,
  ...CONTAINER_ROUTES,
  ...LOG_ROUTES,
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
