import * as z from 'zod'
import { Sha256 } from './names.ts'

/** What a PUT to an upload's address must carry beside the content: the store may hold the sender to its hash. */
export const UploadHeaders = z.record(z.string(), z.string())

export const MissingBlobsRequest = z.strictObject({ sha256: z.array(Sha256).max(10_000) })
export const MissingBlobs = z.object({
  missing: z.array(z.object({ sha256: Sha256, uploadUrl: z.string(), headers: UploadHeaders.optional() })),
})
