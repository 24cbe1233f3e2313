import * as z from 'zod'

/** What an app did and what that cost, as the public API tells it. Times are milliseconds, costs US dollars. */

const Time = z.iso.datetime()
const Quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() })

const PhaseFigures = {
  /** From the launch until it is ready. */
  starting: z.number(),
  busy: z.number(),
  /** Ready, and with nothing to do: what the warm pool and the scaledown window cost. */
  idle: z.number(),
  /** Beside its successor, to finish what it had: what a redeploy costs. */
  draining: z.number(),
}

const Figures = {
  /** Executions of calls: one that is tried again counts each time. */
  calls: z.int(),
  errors: z.int(),
  timeouts: z.int(),
  requests: z.int(),
  serverErrors: z.int(),
  durationMs: Quantiles.optional(),
  queueMs: Quantiles.optional(),
  coldStarts: z.int(),
  coldStartMs: Quantiles.optional(),
  containerSeconds: z.object({ total: z.number(), ...PhaseFigures }),
  cost: z.object({ total: z.number(), ...PhaseFigures, requests: z.number() }),
}

export const UsageFigures = z.object(Figures).meta({ id: 'UsageFigures' })
export type UsageFigures = z.infer<typeof UsageFigures>

const Extent = {
  env: z.string(),
  /** What was asked for, widened to the slots, hours or days that usage is kept in. */
  since: Time,
  until: Time,
  /** The list prices that the costs are estimated by. */
  prices: z.object({
    region: z.string(),
    architecture: z.enum(['arm64', 'x86_64']),
    asOf: z.string(),
  }),
}

export const UsageLineView = z
  .object({ at: Time.optional(), function: z.string().optional(), version: z.int().optional(), ...Figures })
  .meta({ id: 'UsageLine' })
export type UsageLineView = z.infer<typeof UsageLineView>

export const UsageView = z
  .object({ app: z.string(), ...Extent, total: UsageFigures, items: z.array(UsageLineView) })
  .meta({ id: 'Usage' })
export type UsageView = z.infer<typeof UsageView>

export const AppsUsageView = z.object({
  ...Extent,
  items: z.array(
    z.object({ app: z.string(), tags: z.record(z.string(), z.string()).optional(), ...Figures }),
  ),
  cursor: z.string().optional(),
})
export type AppsUsageView = z.infer<typeof AppsUsageView>
