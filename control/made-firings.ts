import { lastSlots } from '../protocol/slots.ts'
import { type Call, keyOf } from './model.ts'
import { LATE_FIRING_MS, MOST_MISSED } from './policy.ts'
import type { Needs } from './ports.ts'
import type { Firing, ScheduleRecord } from './schedule-model.ts'
import { forgetAt } from './schedule-retention.ts'

/** A schedule that stands. */
export type Expected = ScheduleRecord & Required<Pick<ScheduleRecord, 'schedule' | 'anchor' | 'expectedAt'>>

export const isExpected = (record: ScheduleRecord): record is Expected =>
  record.schedule !== undefined && record.anchor !== undefined && record.expectedAt !== undefined

/** What tells the call of a slot from all others of the app. */
export const slotKey = (name: string, slot: number): string => `schedule/${name}/${slot}`

/**
 * Records the slots until then that became a call, but whose records their writers did not live to write. To be done
 * before the schedule becomes another one or expects a later slot, as nobody looks for them after that.
 */
export async function recordMade(ports: Needs<'store'>, record: Expected, until: number): Promise<void> {
  const { function: name, schedule, anchor, expectedAt } = record
  const key = keyOf(record)
  const extent = { after: expectedAt - 1, until, most: MOST_MISSED }
  for (const slot of lastSlots(schedule, anchor, extent)) {
    const call = await ports.store.callByKey(key, slotKey(name, slot))
    if (!call) continue
    const told = { ...key, function: name, slot, at: call.createdAt, ...asMade(call, slot) }
    await ports.store.recordFiring({ ...told, forgetAt: forgetAt(schedule, anchor, slot) })
  }
}

/** What there is to tell of a slot that became this call. */
export function asMade({ id, createdAt }: Call, slot: number): Pick<Firing, 'outcome' | 'call'> {
  return { outcome: createdAt - slot > LATE_FIRING_MS ? 'late' : 'fired', call: id }
}
