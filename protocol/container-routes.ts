import * as z from 'zod'
import * as api from './api.ts'
import { AppName, DEFAULT_ENV, EnvName, FunctionName, RecordId } from './names.ts'
import { PageQuery, page } from './page.ts'
import type { Route } from './route.ts'

const env = EnvName.default(DEFAULT_ENV)
const noParams = z.strictObject({})
const appParams = z.strictObject({ app: AppName })
const idParams = z.strictObject({ id: RecordId })

export const CONTAINER_ROUTES = {
  listContainers: {
    method: 'GET',
    path: '/v1/apps/{app}/containers',
    group: 'containers',
    audience: 'user',
    scopes: ['read'],
    summary: 'Containers of an app, newest first; `all` adds those that stopped, the last first',
    params: appParams,
    query: z.strictObject({
      env,
      ...PageQuery,
      function: FunctionName.optional(),
      version: z.coerce.number().int().min(1).optional(),
      state: api.ContainerState.optional(),
      all: z.stringbool().default(false),
    }),
    status: 200,
    response: page(api.ContainerView),
  },
  getContainer: {
    method: 'GET',
    path: '/v1/containers/{id}',
    group: 'containers',
    audience: 'user',
    scopes: ['read'],
    confinedBy: 'item',
    summary: 'One container',
    params: idParams,
    query: noParams,
    status: 200,
    response: api.ContainerView,
  },
  stopContainer: {
    method: 'POST',
    path: '/v1/containers/{id}/stop',
    group: 'containers',
    audience: 'user',
    scopes: ['deploy'],
    confinedBy: 'item',
    summary: 'Stop a container at once, or once it is idle',
    params: idParams,
    query: noParams,
    body: api.StopContainerRequest,
    status: 202,
    response: api.ContainerView,
  },
} as const satisfies Record<string, Route>
