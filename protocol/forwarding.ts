import * as z from 'zod'

/** How a web request that waited goes to its container, by way of somebody who can reach it. */

const Headers = z.record(z.string(), z.array(z.string()))

export const ForwardRequest = z.strictObject({
  /** The container's, `host:port`. */
  address: z.string(),
  method: z.string(),
  /** Path and query. */
  path: z.string(),
  /** By lower-case name. */
  headers: Headers,
  /** Base64. */
  body: z.string(),
  /** What the container is given to answer in full. */
  timeoutMs: z.int(),
})
export type ForwardRequest = z.infer<typeof ForwardRequest>

export const ForwardResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answered'), status: z.int(), headers: Headers, body: z.base64() }),
  /** There was no connection: the container knows nothing of the request. */
  z.strictObject({ kind: z.literal('unreached') }),
  /** The connection broke before the whole answer was there. */
  z.strictObject({ kind: z.literal('broken') }),
  /** The answer took too long. */
  z.strictObject({ kind: z.literal('late') }),
  /** The answer cannot go this way: it is too large, or a stream that goes on. */
  z.strictObject({ kind: z.literal('unfit') }),
])
export type ForwardResult = z.infer<typeof ForwardResult>
