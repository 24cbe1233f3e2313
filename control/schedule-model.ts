import type { Schedule } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import type { FiringOutcome } from '../protocol/schedules.ts'

/** What is known of schedules beside what versions say of them. Times are milliseconds since the epoch. */

/** A schedule as a platform is to fire it. */
export interface ScheduleEntry {
  function: string
  schedule: Schedule
  /** Where a period counts from: a whole second, as AWS knows no finer ones. */
  anchor: number
}

/** Where the periods of so many seconds count from, for this function. */
export interface Phase {
  seconds: number
  anchor: number
}

/** A function that has, or had, a schedule. It outlives the versions, so that a pause and a phase do. */
export interface ScheduleRecord extends AppKey {
  function: string
  /** The turn in which it was made what it is, see turn.ts; 0 where that was in none yet. */
  version: number
  /** Both absent while the live version has no schedule for the function. */
  schedule?: Schedule
  anchor?: number
  /** Those of schedules that it had before, too, as a rollback may bring them back. */
  phases: Phase[]
  /** The first slot of which nothing is known. */
  expectedAt?: number
  pausedAt?: number
  pausedBy?: string
  pauseReason?: string
  /** Absent while it is paused. */
  resumedAt?: number
}

/** What became of a slot: its first record stands, but that one with a call replaces one without. */
export interface Firing extends AppKey {
  function: string
  /** The time that was scheduled, not that of the firing; of a run by hand, when it was asked for. */
  slot: number
  at: number
  outcome: FiringOutcome
  call?: string
  /** Who ran it by hand. */
  by?: string
  reason?: string
  /** How long the record is worth keeping. */
  forgetAt: number
}

export const isPaused = ({ pausedAt, resumedAt }: ScheduleRecord): boolean =>
  pausedAt !== undefined && resumedAt === undefined

/** Whether a slot is not to become a call: it came while the schedule was paused, or still is. */
export function isPausedAt(record: ScheduleRecord, slot: number): boolean {
  if (isPaused(record)) return true
  const { pausedAt, resumedAt } = record
  return pausedAt !== undefined && slot >= pausedAt && slot < (resumedAt ?? pausedAt)
}
