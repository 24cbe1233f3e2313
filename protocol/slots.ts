import { isCronSlot, lastCronSlots, nextCronSlot } from './cron.ts'
import type { Schedule } from './manifest.ts'

/** When a schedule comes. All times are milliseconds since the epoch; `anchor` is where a period counts from. */

/** The first slot after `after`. */
export function nextSlot(schedule: Schedule, anchor: number, after: number): number | undefined {
  if (schedule.type === 'cron') return nextCronSlot(schedule.expression, schedule.timezone, after)
  const periodMs = schedule.seconds * 1000
  return anchor + Math.max(1, Math.floor((after - anchor) / periodMs) + 1) * periodMs
}

/** The first so many slots after `after`. */
export function nextSlots(schedule: Schedule, anchor: number, after: number, count: number): number[] {
  const slots: number[] = []
  for (let at: number | undefined = after; slots.length < count; slots.push(at)) {
    at = nextSlot(schedule, anchor, at)
    if (at === undefined) break
  }
  return slots
}

/** The last slot after `after`, until and including `until`. */
export function lastSlot(
  schedule: Schedule,
  anchor: number,
  extent: { after: number; until: number },
): number | undefined {
  return lastSlots(schedule, anchor, { ...extent, most: 1 })[0]
}

/** The last slots after `after`, until and including `until`: at most so many, in order. */
export function lastSlots(
  schedule: Schedule,
  anchor: number,
  { after, until, most }: { after: number; until: number; most: number },
): number[] {
  const slots =
    schedule.type === 'cron'
      ? lastCronSlots(schedule.expression, schedule.timezone, until, most)
      : lastPeriods(schedule.seconds * 1000, anchor, until, most)
  return slots.filter((slot) => slot > after)
}

/** The slot that a scheduler means who says that it fires for this time; undefined if there is none. */
export function slotAt(schedule: Schedule, anchor: number, at: number): number | undefined {
  if (schedule.type === 'period') {
    const periodMs = schedule.seconds * 1000
    return anchor + Math.max(1, Math.round((at - anchor) / periodMs)) * periodMs
  }
  const minute = at - (at % MINUTE_MS)
  return isCronSlot(schedule.expression, schedule.timezone, minute) ? minute : undefined
}

const MINUTE_MS = 60_000

function lastPeriods(periodMs: number, anchor: number, until: number, most: number): number[] {
  const last = Math.floor((until - anchor) / periodMs)
  const first = Math.max(1, last - most + 1)
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => anchor + (first + index) * periodMs,
  )
}
