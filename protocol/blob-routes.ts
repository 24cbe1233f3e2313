import * as z from 'zod'
import { DEFAULT_ENV, EnvName } from './names.ts'
import type { Route } from './route.ts'
import { MissingBlobs, MissingBlobsRequest } from './upload.ts'

/** Routes of contents that are uploaded. */
export const BLOB_ROUTES = {
  missingBlobs: {
    method: 'POST',
    path: '/v1/blobs/missing',
    group: 'blobs',
    audience: 'user-or-container',
    scopes: ['call', 'deploy'],
    summary: 'Which contents are not stored yet, and where to upload them',
    params: z.strictObject({}),
    query: z.strictObject({ env: EnvName.default(DEFAULT_ENV) }),
    body: MissingBlobsRequest,
    status: 200,
    response: MissingBlobs,
  },
} as const satisfies Record<string, Route>
