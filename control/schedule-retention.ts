import type { Schedule } from '../protocol/manifest.ts'
import { nextSlot } from '../protocol/slots.ts'
import { FIRINGS_KEPT } from './policy.ts'

/** When the record of a slot may go: once a hundred others have come, or so. */
export function forgetAt(schedule: Schedule, anchor: number, slot: number): number {
  const interval = (nextSlot(schedule, anchor, slot) ?? slot) - slot
  return slot + Math.min(FIRINGS_KEPT.mostMs, Math.max(FIRINGS_KEPT.leastMs, interval * FIRINGS_KEPT.count))
}
