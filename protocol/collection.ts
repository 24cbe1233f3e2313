import * as z from 'zod'

/** What no longer runs and is of no use any more, and is removed. */

export const CollectRequest = z.strictObject({
  /** Only say what would go. */
  dryRun: z.boolean().default(false),
  /** A stopped app that goes now, though it could still be started again. */
  app: z.string().optional(),
})

export const CollectedItem = z.object({
  env: z.string(),
  app: z.string(),
  /** Absent where it is about the whole app. */
  version: z.int().optional(),
  keep: z.boolean(),
  /** Goes on from its name, as in "v7 is tagged green". */
  why: z.string(),
})
export type CollectedItem = z.infer<typeof CollectedItem>

export const CollectUnusedRequest = z.strictObject({ dryRun: z.boolean().default(false) })

export const CollectedUnused = z.object({
  blobs: z.object({
    /** Contents that were removed now. */
    removed: z.int(),
    /** Those that nothing refers to: they go with a later run, unless they are used until then. */
    condemned: z.object({ count: z.int(), bytes: z.int() }),
  }),
  /** Versions of secrets that nothing pins and that a newer one has replaced. */
  secrets: z.int(),
})
export type CollectedUnused = z.infer<typeof CollectedUnused>
