import { type FiringPorts, type FiringWord, scheduleFired } from '../../control/schedules.ts'
import { ScheduleFired } from '../../protocol/firing.ts'
import { type EventHandler, eventHandler, type ReportEvent } from '../event-handler.ts'

/** A scheduler's word that a slot has come. It may come again, which changes nothing. */
export function makeScheduleFiredHandler(ports: FiringPorts, report?: ReportEvent): EventHandler {
  return eventHandler(readFiring, (firing) => scheduleFired(ports, firing), report)
}

export function readFiring(event: unknown): FiringWord {
  const { env, app, function: name, schedule, slot } = ScheduleFired.parse(event)
  return { key: { env, app }, function: name, schedule, slot: Date.parse(slot) }
}
