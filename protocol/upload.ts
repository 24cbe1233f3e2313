import * as z from 'zod'

/** What a PUT to an upload's address must carry beside the content: the store may hold the sender to its hash. */
export const UploadHeaders = z.record(z.string(), z.string())
