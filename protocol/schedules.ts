import * as z from 'zod'
import { CallStatus } from './calls.ts'
import { Schedule } from './manifest.ts'

/** The shapes of the public API about schedules. Fields that are not known are absent. */

const Time = z.iso.datetime()
const Reason = z.string().max(500).optional()

/**
 * What became of a slot. `fired` and `late`: a call was made, `late` so long after its time that somebody may have waited.
 * `skipped`: the call before it still ran. `paused`: it came while the schedule was paused. `missed`: it should have come,
 * and did not. `triggered`: no slot at all, somebody ran the function by hand.
 */
export const FiringOutcome = z.enum(['fired', 'late', 'skipped', 'paused', 'missed', 'triggered'])
export type FiringOutcome = z.infer<typeof FiringOutcome>

export const FiringView = z
  .object({
    /** The time that was scheduled; of a run by hand, when it was asked for. */
    slot: Time,
    outcome: FiringOutcome,
    /** When it was found out. */
    at: Time,
    /** The call that was made. Its status is absent once the call is no longer kept. */
    call: z.object({ id: z.string(), status: CallStatus.optional(), version: z.int().optional() }).optional(),
    by: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Firing' })
export type FiringView = z.infer<typeof FiringView>

export const ScheduleView = z
  .object({
    app: z.string(),
    env: z.string(),
    function: z.string(),
    schedule: Schedule,
    overlap: z.enum(['skip', 'allow']),
    paused: z.object({ at: Time, by: z.string(), reason: z.string().optional() }).optional(),
    /** The next slots, which pass without a call while it is paused. */
    next: z.array(Time),
    /** Newest first. */
    last: z.array(FiringView),
  })
  .meta({ id: 'Schedule' })
export type ScheduleView = z.infer<typeof ScheduleView>

export const PauseRequest = z.strictObject({ reason: Reason, client: z.string().max(100).optional() })
export const TriggerRequest = z.strictObject({
  reason: Reason,
  client: z.string().max(100).optional(),
  /** The same key again is the same run. */
  idempotencyKey: z.string().min(1).max(200).optional(),
})
