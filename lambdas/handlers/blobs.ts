import { missingBlobs } from '../../control/blobs.ts'
import type { Needs } from '../../control/ports.ts'
import { BLOB_ROUTES } from '../../protocol/blob-routes.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

export type BlobsPorts = Needs<'blobs' | 'clock' | 'keys' | 'store'>

/** Where contents are uploaded to. */
export function makeBlobsHandler(ports: BlobsPorts, report?: ReportError): ApiHandler {
  return groupHandler<'blobs', BlobsPorts>(BLOB_ROUTES, ports, { missingBlobs: listMissing }, report)
}

const listMissing: RouteHandler<'missingBlobs', BlobsPorts> = async (ports, { body }) => {
  const missing = await missingBlobs(ports, body.sha256)
  return {
    body: {
      missing: await Promise.all(
        missing.map(async (sha256) => {
          const { url, headers } = await ports.blobs.uploadUrl(sha256)
          return { sha256, uploadUrl: url, ...(headers && { headers }) }
        }),
      ),
    },
  }
}
