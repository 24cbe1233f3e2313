import type { Ports } from '../../control/ports.ts'
import type { ApiHandler } from '../../protocol/gateway.ts'
import { groupHandler } from '../group-handler.ts'
import type { ReportError } from '../middleware/answer-problems.ts'
import type { RouteHandler } from '../route-handler.ts'

/** Where contents are uploaded to. */
export function makeBlobsHandler(ports: Ports, report?: ReportError): ApiHandler {
  return groupHandler<'blobs'>(ports, { missingBlobs }, report)
}

const missingBlobs: RouteHandler<'missingBlobs'> = async ({ blobs }, { body }) => {
  const missing = await blobs.missing(body.sha256)
  return {
    body: {
      missing: await Promise.all(
        missing.map(async (sha256) => {
          const { url, headers } = await blobs.uploadUrl(sha256)
          return { sha256, uploadUrl: url, ...(headers && { headers }) }
        }),
      ),
    },
  }
}
