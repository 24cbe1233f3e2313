import type { Schedule } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { nextSlot } from '../protocol/slots.ts'
import { isExpected, recordMade } from './made-firings.ts'
import { canonical } from './manifest-hash.ts'
import type { Needs } from './ports.ts'
import type { Phase, ScheduleEntry, ScheduleRecord } from './schedule-model.ts'

/** Periods of a function that are remembered, the latest ones. */
const MOST_PHASES = 10
const SECOND_MS = 1_000

export interface WishedSchedule {
  function: string
  schedule: Schedule
}

/**
 * Makes these the app's schedules, in somebody's turn, see turn.ts. What is to be expected is written first: should this end
 * midway, it is done again from the start, and comes to the same. A period goes on where it was, also where a version in
 * between did not have it.
 */
export async function setSchedules(
  ports: Needs<'store' | 'timetable'>,
  key: AppKey,
  { turn, entries }: { turn: number; entries: WishedSchedule[] },
  now: number,
): Promise<void> {
  const records = await ports.store.schedules(key)
  for (const record of records) await conclude(ports, record, entries, now)
  const standing: ScheduleEntry[] = []
  for (const wished of entries) {
    const known = records.find((record) => record.function === wished.function)
    const { anchor } = await keep(ports, key, turn, wished, known, now)
    standing.push({ ...wished, anchor })
  }
  for (const { function: name, schedule } of records) {
    const isWished = entries.some((wished) => wished.function === name)
    if (schedule && !isWished) await ports.store.dropSchedule(key, name, turn)
  }
  await ports.timetable.sync(key, turn, standing, now)
}

/** Tells what became of a schedule that is about to be another one, or none. */
async function conclude(
  ports: Needs<'store'>,
  record: ScheduleRecord,
  entries: WishedSchedule[],
  now: number,
): Promise<void> {
  const wished = entries.find((entry) => entry.function === record.function)
  if (!isExpected(record) || (wished && stands(record, wished.schedule))) return
  await recordMade(ports, record, now)
}

async function keep(
  { store }: Needs<'store'>,
  key: AppKey,
  turn: number,
  wished: WishedSchedule,
  known: ScheduleRecord | undefined,
  now: number,
): Promise<{ anchor: number }> {
  const { schedule } = wished
  if (known && stands(known, schedule)) return known
  const phases = known?.phases ?? []
  const anchor = phaseOf(schedule, phases)?.anchor ?? Math.ceil(now / SECOND_MS) * SECOND_MS
  const expectedAt = nextSlot(schedule, anchor, now)
  const record = await store.setSchedule(key, turn, {
    ...wished,
    anchor,
    phases: remember(schedule, anchor, phases),
    ...(expectedAt !== undefined && { expectedAt }),
  })
  // Somebody else may have set it a moment before, and so have decided on where it counts from.
  return stands(record, schedule) ? record : { anchor }
}

function stands(record: ScheduleRecord, schedule: Schedule): record is ScheduleRecord & { anchor: number } {
  return (
    record.anchor !== undefined &&
    record.schedule !== undefined &&
    canonical(record.schedule) === canonical(schedule)
  )
}

function phaseOf(schedule: Schedule, phases: Phase[]): Phase | undefined {
  return schedule.type === 'period' ? phases.find(({ seconds }) => seconds === schedule.seconds) : undefined
}

function remember(schedule: Schedule, anchor: number, phases: Phase[]): Phase[] {
  if (schedule.type !== 'period') return phases
  const { seconds } = schedule
  const others = phases.filter((phase) => phase.seconds !== seconds)
  return [...others, { seconds, anchor }].slice(-MOST_PHASES)
}
