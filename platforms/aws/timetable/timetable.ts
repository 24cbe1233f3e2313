import { SchedulerClient } from '@aws-sdk/client-scheduler'
import type { Timetable } from '../../../control/ports.ts'
import type { ScheduleEntry } from '../../../control/schedule-model.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import { resourcesTable } from '../resources-table.ts'
import type { Settings } from '../settings.ts'
import { donePlan, isDone, nextPlan, type Plan, supersede } from './plan.ts'
import { Plans } from './plans.ts'
import { ScheduleGroup } from './schedule-group.ts'

export function makeTimetable(settings: Settings): Timetable {
  return new SchedulerTimetable({
    plans: new Plans(resourcesTable(settings)),
    group: new ScheduleGroup(new SchedulerClient(CLIENT_SETTINGS), {
      group: settings.scheduleGroup,
      handler: settings.scheduleTarget,
      role: settings.scheduleRole,
      deadLetters: settings.scheduleDeadLetters,
    }),
  })
}

interface Parts {
  plans: Plans
  group: ScheduleGroup
}

/**
 * Schedules of EventBridge Scheduler. What they shall be is written down first, and that it has come about last: whoever
 * comes after a crash goes on from there. What stands already costs no call of the Scheduler.
 */
export class SchedulerTimetable implements Timetable {
  readonly #plans: Plans
  readonly #group: ScheduleGroup

  constructor({ plans, group }: Parts) {
    this.#plans = plans
    this.#group = group
  }

  /** @throws SluiceError `quota_exceeded` where the account may have no more schedules */
  async sync(key: AppKey, turn: number, entries: ScheduleEntry[], at: number): Promise<void> {
    let plan = await this.#adopt(key, turn, entries, at)
    while (plan && !isDone(plan)) {
      await this.#group.carryOut(key, plan, at)
      plan = await this.#finish(key, plan, at)
    }
  }

  async #adopt(key: AppKey, turn: number, entries: ScheduleEntry[], at: number): Promise<Plan | undefined> {
    const plan = nextPlan(await this.#plans.read(key), turn, entries)
    const isLate = plan && !(await this.#plans.write(key, plan, at))
    return isLate ? this.#adopt(key, turn, entries, at) : plan
  }

  /** @returns what is still to be done because another plan has come to stand meanwhile */
  async #finish(key: AppKey, plan: Plan, at: number): Promise<Plan | undefined> {
    if (await this.#plans.write(key, donePlan(plan), at)) return undefined
    const standing = await this.#plans.read(key)
    return standing && supersede(plan, standing)
  }
}
