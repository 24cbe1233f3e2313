import { type Firing, scheduleFired } from '../../control/schedules.ts'
import { isCronDay } from '../../protocol/cron.ts'
import { ScheduleFired } from '../../protocol/firing.ts'
import { type EventHandler, eventHandler, type ReportEvent } from '../event-handler.ts'

const MINUTE_MS = 60_000

/** A scheduler's word that a slot has come. It may come again, which changes nothing. */
export function makeScheduleFiredHandler(
  ports: Parameters<typeof scheduleFired>[0],
  report?: ReportEvent,
): EventHandler {
  return eventHandler(readFiring, (firing) => scheduleFired(ports, firing), report)
}

/** Undefined where the scheduler had no words for which days are meant, and fired on others too. */
export function readFiring(event: unknown): Firing | undefined {
  const { env, app, function: name, schedule, slot: time } = ScheduleFired.parse(event)
  const at = Date.parse(time)
  if (schedule.type === 'period') return { key: { env, app }, function: name, schedule, slot: at }
  // Two schedules may fire the same slot, and it must be the same to the millisecond to run once.
  const slot = at - (at % MINUTE_MS)
  return isCronDay(schedule.expression, schedule.timezone, slot)
    ? { key: { env, app }, function: name, schedule, slot }
    : undefined
}
