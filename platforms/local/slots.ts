import { lastCronSlot, nextCronSlot } from '../../protocol/cron.ts'
import type { Schedule } from '../../protocol/manifest.ts'

/** The first slot after `after`, which is `anchor` or later: from there a period counts. All in milliseconds since the epoch. */
export function nextSlot(schedule: Schedule, anchor: number, after: number): number | undefined {
  if (schedule.type === 'cron') return nextCronSlot(schedule.expression, schedule.timezone, after)
  const periodMs = schedule.seconds * 1000
  return anchor + (Math.floor((after - anchor) / periodMs) + 1) * periodMs
}

/** The last slot after `after`, until and including `until`. */
export function lastSlot(
  schedule: Schedule,
  anchor: number,
  { after, until }: { after: number; until: number },
): number | undefined {
  const slot = lastSlotUntil(schedule, anchor, until)
  return slot !== undefined && slot > after ? slot : undefined
}

function lastSlotUntil(schedule: Schedule, anchor: number, until: number): number | undefined {
  if (schedule.type === 'cron') return lastCronSlot(schedule.expression, schedule.timezone, until)
  const periodMs = schedule.seconds * 1000
  return anchor + Math.floor((until - anchor) / periodMs) * periodMs
}
