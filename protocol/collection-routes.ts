import * as z from 'zod'
import { CollectedItem, CollectedUnused, CollectRequest, CollectUnusedRequest } from './collection.ts'
import { DEFAULT_ENV, EnvName } from './names.ts'
import { PageQuery } from './page.ts'
import type { Route } from './route.ts'

const none = z.strictObject({})

const collection = {
  method: 'POST',
  group: 'collection',
  audience: 'user',
  scopes: ['admin'],
  params: none,
  status: 200,
} as const

/** What happens by itself once it is due, at once and with an account of it. */
export const COLLECTION_ROUTES = {
  collect: {
    ...collection,
    path: '/v1/collect',
    summary: 'Remove versions and stopped apps that are kept no longer, or say which those are',
    query: z.strictObject({ env: EnvName.default(DEFAULT_ENV), ...PageQuery }),
    body: CollectRequest,
    response: z.object({ items: z.array(CollectedItem), cursor: z.string().optional() }),
  },
  collectUnused: {
    ...collection,
    path: '/v1/collect/unused',
    summary: 'Remove files and versions of secrets that nothing needs, or say how many those are',
    query: none,
    body: CollectUnusedRequest,
    response: CollectedUnused,
  },
} as const satisfies Record<string, Route>
