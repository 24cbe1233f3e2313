import { lastSlots, nextSlot } from '../protocol/slots.ts'
import { type Expected, isExpected, recordMade } from './made-firings.ts'
import { tellMissed } from './missed.ts'
import { keyOf, type Version } from './model.ts'
import { BATCH, MOST_MISSED } from './policy.ts'
import type { Needs } from './ports.ts'
import { isPausedAt } from './schedule-model.ts'
import { forgetAt } from './schedule-retention.ts'
import { type FiringPorts, findScheduled, scheduleFired } from './schedules.ts'

/**
 * Compares what should have fired with what did. The latest slot of a schedule is made up for; older ones are missed.
 * One schedule that fails holds up no other, and is looked at again.
 */
export async function seeToMissedFirings(ports: FiringPorts & Needs<'listeningSince'>): Promise<void> {
  const now = ports.clock.now()
  const { missedMs, listeningSince } = ports
  // What came due while nobody was here may be on its way.
  if (now - listeningSince < missedMs) return
  const until = now - missedMs
  const faults: unknown[] = []
  for (const record of await ports.store.overdueSchedules(until, BATCH)) {
    if (isExpected(record)) await seeTo(ports, record, until).catch((error: unknown) => faults.push(error))
  }
  if (faults.length > 0) throw faults[0]
}

async function seeTo(ports: FiringPorts, record: Expected, until: number): Promise<void> {
  const { function: name, schedule, anchor, expectedAt } = record
  const key = keyOf(record)
  await recordMade(ports, record, until)
  // Otherwise its version has been replaced, and what replaced it will say what to expect.
  const scheduled = await findScheduled(ports, key, name, schedule)
  if (scheduled) await account(ports, scheduled.live, record, until)
  await ports.store.expectFiring(key, name, expectedAt, nextSlot(schedule, anchor, until))
}

async function account(ports: FiringPorts, live: Version, record: Expected, until: number): Promise<void> {
  const { function: name, schedule, anchor, expectedAt } = record
  const key = keyOf(record)
  const extent = { after: expectedAt - 1, until, most: MOST_MISSED }
  const silent = await unaccounted(ports, record, lastSlots(schedule, anchor, extent))
  const latest = silent.at(-1)
  const now = ports.clock.now()
  const isLatest = latest !== undefined && (nextSlot(schedule, anchor, latest) ?? now + 1) > now
  const lost = isLatest ? silent.slice(0, -1) : silent
  const missed = lost.filter((slot) => !isPausedAt(record, slot))
  await tellMissed(ports, live, name, missed)
  // The first one, by which they are told of, comes last: should this end midway, the rest is told as the same.
  for (const slot of lost.toReversed()) {
    await ports.store.recordFiring({
      ...key,
      function: name,
      slot,
      at: now,
      outcome: missed.includes(slot) ? 'missed' : 'paused',
      forgetAt: forgetAt(schedule, anchor, slot),
    })
  }
  if (isLatest) await scheduleFired(ports, { key, function: name, schedule, slot: latest })
}

/** Those of the slots that nothing is recorded of. */
async function unaccounted({ store }: Needs<'store'>, record: Expected, slots: number[]): Promise<number[]> {
  const [since] = slots
  if (since === undefined) return []
  const known = await store.firings(record, record.function, { since, limit: Number.MAX_SAFE_INTEGER })
  const accounted = new Set(known.filter(({ outcome }) => outcome !== 'triggered').map(({ slot }) => slot))
  return slots.filter((slot) => !accounted.has(slot))
}
