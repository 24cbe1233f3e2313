import type { FunctionSpec, Schedule } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { nextSlots } from '../protocol/slots.ts'
import { findApp } from './find.ts'
import { type Call, keyOf } from './model.ts'
import type { Needs } from './ports.ts'
import type { Firing, ScheduleRecord } from './schedule-model.ts'

const NEXT_SHOWN = 5
const LAST_SHOWN = 10

/** All that is known of a schedule: what the live version says, and what became of it. */
export interface ScheduleState extends AppKey {
  function: string
  spec: ScheduledSpec
  record: ScheduleRecord | undefined
  /** Milliseconds since the epoch. */
  next: number[]
  /** Newest first, each with its call as far as that is kept. */
  last: { firing: Firing; call: Call | undefined }[]
}

export type ScheduledSpec = FunctionSpec & { schedule: Schedule }

/** The schedules of the live version; a stopped app has none. */
export async function listSchedules(ports: Needs<'clock' | 'store'>, key: AppKey): Promise<ScheduleState[]> {
  const { liveVersion, leaseUntil } = await findApp(ports, key)
  const live = liveVersion === undefined ? undefined : await ports.store.version(key, liveVersion)
  const scheduled = Object.entries(live?.manifest.functions ?? {}).flatMap(([name, spec]) =>
    isScheduled(spec) ? [{ name, spec }] : [],
  )
  if (scheduled.length === 0) return []
  const records = await ports.store.schedules(key)
  const recordOf = (name: string) => records.find((record) => record.function === name)
  const states = await Promise.all(
    scheduled.map(({ name, spec }) => describeSchedule(ports, key, name, spec, recordOf(name))),
  )
  // Those of an app that is only tried out do not fire by themselves.
  return leaseUntil === undefined ? states : states.map((state) => ({ ...state, next: [] }))
}

export async function describeSchedule(
  ports: Needs<'clock' | 'store'>,
  key: AppKey,
  name: string,
  spec: ScheduledSpec,
  record: ScheduleRecord | undefined,
): Promise<ScheduleState> {
  const now = ports.clock.now()
  const firings = await ports.store.firings(key, name, { since: 0, limit: LAST_SHOWN })
  const calls = await Promise.all(firings.map(({ call }) => call && ports.store.call(call)))
  return {
    ...keyOf(key),
    function: name,
    spec,
    record,
    next: nextSlots(spec.schedule, record?.anchor ?? now, now, NEXT_SHOWN),
    last: firings.map((firing, index) => ({ firing, call: calls[index] || undefined })),
  }
}

export const isScheduled = (spec: FunctionSpec): spec is ScheduledSpec => spec.schedule !== undefined
