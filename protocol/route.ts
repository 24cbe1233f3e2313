import type { z } from 'zod'
import type { Scope } from './access.ts'

/** Who may call a route: nobody in particular, a person or program, a container about itself, or either. */
export type Audience = 'anyone' | 'user' | 'container' | 'user-or-container'

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for each path parameter, as in OpenAPI. */
  path: string
  /** The handler that serves it: one Lambda function each. */
  group: 'public' | 'deployments' | 'calls' | 'containers' | 'logs' | 'blobs' | 'audit' | 'runtime'
  audience: Audience
  /** What a person's token must be good for, any one of these. */
  scopes: readonly Scope[]
  /**
   * `item`: the handler holds a token of one environment to it, by what the request names. Otherwise `?env=` or `{env}`
   * does; and a route that has neither refuses such a token.
   */
  confinedBy?: 'item'
  summary: string
  params: z.ZodObject
  query: z.ZodObject
  body?: z.ZodType
  /** What a success answers, and with which status. */
  status: number
  response: z.ZodType
}
