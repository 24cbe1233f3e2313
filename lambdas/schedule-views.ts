import type { ScheduleState } from '../control/describe-schedules.ts'
import { isPaused, type ScheduleRecord } from '../control/schedule-model.ts'
import type { FiringView, ScheduleView } from '../protocol/schedules.ts'

/** Schedules in the shapes of the public API, as in views.ts. */
export function scheduleView({ env, app, spec, record, next, last, ...state }: ScheduleState): ScheduleView {
  return {
    app,
    env,
    function: state.function,
    schedule: spec.schedule,
    overlap: spec.overlap,
    paused: record && pausedView(record),
    next: next.map(time),
    last: last.map(firingView),
  }
}

function pausedView(record: ScheduleRecord): ScheduleView['paused'] {
  const { pausedAt, pausedBy = '', pauseReason } = record
  if (pausedAt === undefined || !isPaused(record)) return undefined
  return { at: time(pausedAt), by: pausedBy, reason: pauseReason }
}

function firingView({ firing, call }: ScheduleState['last'][number]): FiringView {
  const { slot, outcome, at, by, reason } = firing
  return {
    slot: time(slot),
    outcome,
    at: time(at),
    call:
      firing.call === undefined
        ? undefined
        : { id: firing.call, status: call?.status, version: call?.version ?? call?.pin },
    by,
    reason,
  }
}

const time = (ms: number): string => new Date(ms).toISOString()
