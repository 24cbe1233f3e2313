import * as z from 'zod'

const Time = z.iso.datetime()
/** One for each slot. */
const Counts = z.array(z.int())

export const AppActivity = z.object({
  app: z.string(),
  /** Of the live version. */
  deployedBy: z.string().optional(),
  deployedAt: Time.optional(),
  /** The schedule that comes first; a paused one where there is no other. */
  next: z.object({ function: z.string(), at: Time, paused: z.boolean() }).optional(),
  /** Executions of calls, as in `Usage`. */
  calls: Counts,
  errors: Counts,
  requests: Counts,
  serverErrors: Counts,
})
export type AppActivity = z.infer<typeof AppActivity>

/** What the apps of an environment did in the last hour, a count for each five minutes; the last of them is not over. */
export const ActivityView = z
  .object({
    env: z.string(),
    /** When the first slot began. */
    since: Time,
    step: z.literal('5m'),
    items: z.array(AppActivity),
    cursor: z.string().optional(),
  })
  .meta({ id: 'Activity' })
export type ActivityView = z.infer<typeof ActivityView>
