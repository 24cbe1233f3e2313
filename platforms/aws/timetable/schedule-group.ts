import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler'
import type { AppKey } from '../../../protocol/names.ts'
import { explain } from './faults.ts'
import { namesOf, prefixOf } from './names.ts'
import type { Plan, PlannedEntry } from './plan.ts'
import { schedulesOf, type Target } from './schedules.ts'

/** Enough to hide the round trips; more only meets throttling. */
const PARALLEL = 10
/** To make a schedule that is in conflict, and yet not there. */
const ATTEMPTS = 3

/** The group of EventBridge Scheduler that holds the schedules of all apps. */
export class ScheduleGroup {
  readonly #client: SchedulerClient
  readonly #target: Target

  constructor(client: SchedulerClient, target: Target) {
    this.#client = client
    this.#target = target
  }

  /** Doing it again, or at the same time elsewhere, changes nothing. */
  async carryOut(key: AppKey, plan: Plan, at: number): Promise<void> {
    const missing = plan.entries.filter(({ made }) => !made)
    await inParallel(await this.#namesLeaving(key, plan), (name) => this.#delete(name))
    await inParallel(
      missing.flatMap((entry) => schedulesOf(key, entry, this.#target, at)),
      (schedule) => this.#create(schedule),
    )
  }

  /** With the last one goes whatever else there may be, such as what a process made that died while it was being outrun. */
  async #namesLeaving(key: AppKey, { entries, leaving }: Plan): Promise<string[]> {
    const names = leaving.flatMap((entry: PlannedEntry) => namesOf(key, entry))
    return entries.length > 0 ? names : [...new Set([...names, ...(await this.#list(prefixOf(key)))])]
  }

  async #list(prefix: string): Promise<string[]> {
    const names: string[] = []
    const pages = paginateListSchedules(
      { client: this.#client },
      { GroupName: this.#target.group, NamePrefix: prefix },
    )
    for await (const { Schedules = [] } of pages) names.push(...Schedules.map(({ Name = '' }) => Name))
    return names
  }

  async #create(schedule: CreateScheduleCommandInput, attempts = ATTEMPTS): Promise<void> {
    try {
      await this.#client.send(new CreateScheduleCommand(schedule))
    } catch (error) {
      if (!(error instanceof ConflictException)) throw explain(error, schedule)
      // A name says all that its schedule is, so one that is there is the one that is wanted.
      if (await this.#exists(schedule.Name)) return
      // It was, and another process that has outrun this one has just taken it away; this one will do so too.
      if (attempts === 1) throw explain(error, schedule)
      await this.#create(schedule, attempts - 1)
    }
  }

  async #exists(name: string | undefined): Promise<boolean> {
    try {
      await this.#client.send(new GetScheduleCommand({ GroupName: this.#target.group, Name: name }))
      return true
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false
      throw error
    }
  }

  async #delete(name: string): Promise<void> {
    const schedule = { GroupName: this.#target.group, Name: name }
    try {
      await this.#client.send(new DeleteScheduleCommand(schedule))
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw explain(error, schedule)
    }
  }
}

async function inParallel<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  const lanes = Array.from({ length: PARALLEL }, async () => {
    for (const item of left) await work(item)
  })
  await Promise.all(lanes)
}
