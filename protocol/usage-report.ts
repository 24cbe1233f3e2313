import * as z from 'zod'
import { BUCKETS } from './histogram.ts'
import { record } from './record.ts'
import { SLOT_MS, type UsageCounts } from './usage.ts'

const Count = z.int().min(0).max(1_000_000_000)
const Buckets = record(
  z.string().refine((bucket) => /^\d{1,3}$/.test(bucket) && Number(bucket) < BUCKETS, 'must be a bucket'),
  Count,
)

/** What one container did in a part of a slot. */
export const UsageReport = z.strictObject({
  /** Counts the container's reports: one that comes twice is added once. */
  sequence: z.int().min(1),
  /** When it was, milliseconds since the epoch. */
  at: z.int().min(0),
  calls: Count,
  errors: Count,
  timeouts: Count,
  requests: Count,
  serverErrors: Count,
  busyMs: z.int().min(0).max(SLOT_MS),
  durations: Buckets,
  waits: Buckets,
}) satisfies z.ZodType<UsageCounts>
export type UsageReport = z.infer<typeof UsageReport>
