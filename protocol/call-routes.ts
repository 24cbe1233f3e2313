import * as z from 'zod'
import * as api from './api.ts'
import { CallStatus } from './calls.ts'
import { AppName, DEFAULT_ENV, EnvName, FunctionName, RecordId } from './names.ts'
import { PageQuery, page } from './page.ts'
import type { Route } from './route.ts'

const env = EnvName.default(DEFAULT_ENV)
const noParams = z.strictObject({})
const inEnv = z.strictObject({ env })
const appParams = z.strictObject({ app: AppName })
const functionParams = z.strictObject({ app: AppName, function: FunctionName })
const idParams = z.strictObject({ id: RecordId })
const version = z.coerce.number().int().min(1)

export const CALL_ROUTES = {
  call: {
    method: 'POST',
    path: '/v1/apps/{app}/functions/{function}/calls',
    group: 'calls',
    audience: 'user-or-container',
    scopes: ['call'],
    summary: 'Call a function; `wait` holds the answer until the call has ended',
    params: functionParams,
    query: inEnv,
    body: api.CallRequest,
    status: 202,
    response: api.CallView,
  },
  getCall: {
    method: 'GET',
    path: '/v1/calls/{id}',
    group: 'calls',
    audience: 'user-or-container',
    scopes: ['read', 'call'],
    confinedBy: 'item',
    summary:
      'One call; `wait` holds the answer until it has ended, `args` adds what it was called with, for those who may read',
    params: idParams,
    query: z.strictObject({ wait: api.WaitQuery, args: z.stringbool().default(false) }),
    status: 200,
    response: api.CallView,
  },
  listChildren: {
    method: 'GET',
    path: '/v1/calls/{id}/children',
    group: 'calls',
    audience: 'user',
    scopes: ['read'],
    confinedBy: 'item',
    summary: 'Calls that were made for a call, oldest first',
    params: idParams,
    query: z.strictObject(PageQuery),
    status: 200,
    response: page(api.CallView),
  },
  cancelCall: {
    method: 'POST',
    path: '/v1/calls/{id}/cancel',
    group: 'calls',
    audience: 'user-or-container',
    scopes: ['call'],
    confinedBy: 'item',
    summary: 'Cancel a call',
    params: idParams,
    query: noParams,
    status: 200,
    response: api.CallView,
  },
  listCalls: {
    method: 'GET',
    path: '/v1/apps/{app}/calls',
    group: 'calls',
    audience: 'user',
    scopes: ['read'],
    summary: 'Recent calls, newest first',
    params: appParams,
    query: z.strictObject({
      env,
      ...PageQuery,
      function: FunctionName.optional(),
      status: CallStatus.optional(),
      version: version.optional(),
    }),
    status: 200,
    response: page(api.CallView),
  },
} as const satisfies Record<string, Route>
