import type { z } from 'zod'
import type { Scope } from './access.ts'

/** Who may call a route: nobody in particular, a person or program, a container about itself, or either. */
export type Audience = 'anyone' | 'user' | 'container' | 'user-or-container'

export type Group =
  | 'public'
  | 'deployments'
  | 'calls'
  | 'containers'
  | 'logs'
  | 'blobs'
  | 'audit'
  | 'tokens'
  | 'schedules'
  | 'secrets'
  | 'usage'
  | 'collection'
  | 'runtime'

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for each path parameter, as in OpenAPI. */
  path: string
  /** The handler that serves it: one Lambda function each. */
  group: Group
  audience: Audience
  /** What a person's token must be good for, any one of these. */
  scopes: readonly Scope[]
  /**
   * How a token of one environment is held to it. `item`: by the handler, which looks at what the request names.
   * `sender`: the route is about the sender alone. Otherwise `?env=` or `{env}` has to name it, and a route that has
   * neither is about the whole installation, and refuses such a token.
   */
  confinedBy?: 'item' | 'sender'
  summary: string
  params: z.ZodObject
  query: z.ZodObject
  body?: z.ZodType
  /** Whether the body is nobody's business: no fault that is told quotes it. */
  confidential?: true
  /** What a success answers, and with which status. */
  status: number
  response: z.ZodType
  /** What streams: lines of this media type, as they come, rather than JSON. */
  streams?: 'application/x-ndjson' | 'text/event-stream'
}
