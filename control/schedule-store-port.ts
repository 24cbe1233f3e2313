import type { AppKey } from '../protocol/names.ts'
import type { AuditEntry } from './model.ts'
import type { Firing, ScheduleEntry, ScheduleRecord } from './schedule-model.ts'

export interface ScheduleStore {
  /** Of every function of the app that ever had a schedule. */
  schedules(key: AppKey): Promise<ScheduleRecord[]>
  schedule(key: AppKey, functionName: string): Promise<ScheduleRecord | undefined>
  /**
   * Makes the function's schedule another one, in somebody's turn, see turn.ts; void if something was said in that one, or in a higher one.
   * @returns what stands now
   */
  setSchedule(
    key: AppKey,
    turn: number,
    wanted: ScheduleEntry & Pick<ScheduleRecord, 'phases' | 'expectedAt'>,
  ): Promise<ScheduleRecord>
  /** Takes the function's schedule away, in somebody's turn; void if something was said in a higher one. */
  dropSchedule(key: AppKey, functionName: string, turn: number): Promise<void>
  /** The slot `from` has been seen to, if it is the expected one; the next one is to come at `next`. */
  expectFiring(key: AppKey, functionName: string, from: number, next: number | undefined): Promise<void>
  /** Schedules whose expected slot was due then, longest overdue first. */
  overdueSchedules(since: number, limit: number): Promise<ScheduleRecord[]>
  /** False where it is paused already, and nothing has changed. */
  pauseSchedule(
    key: AppKey,
    functionName: string,
    pause: { at: number; by: string; reason: string | undefined },
    entry: AuditEntry,
  ): Promise<boolean>
  /** False where it is not paused, and nothing has changed. */
  resumeSchedule(key: AppKey, functionName: string, at: number, entry: AuditEntry): Promise<boolean>
  /** The first record of a slot, or of a call made by hand, stands; but one with a call replaces one without. */
  recordFiring(firing: Firing, entry?: AuditEntry): Promise<void>
  /** What is known of a slot. */
  firing(key: AppKey, functionName: string, slot: number): Promise<Firing | undefined>
  /** Those of this slot or later ones, newest first, with runs by hand. */
  firings(key: AppKey, functionName: string, extent: { since: number; limit: number }): Promise<Firing[]>
}
