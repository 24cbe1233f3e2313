import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { randomPrefix } from '../account.ts'

const client = new SchedulerClient()

export interface MadeGroup {
  name: string
  schedules(): Promise<GetScheduleCommandOutput[]>
  delete(): Promise<void>
}

/** A group of EventBridge Scheduler, as the stacks would make it. */
export async function makeGroup(): Promise<MadeGroup> {
  const name = `${randomPrefix()}schedules`
  await client.send(new CreateScheduleGroupCommand({ Name: name }))
  return {
    name,
    schedules: () => schedulesOf(name),
    delete: async () => {
      for (const { Name } of await schedulesOf(name))
        await client.send(new DeleteScheduleCommand({ GroupName: name, Name }))
      await client.send(new DeleteScheduleGroupCommand({ Name: name }))
    },
  }
}

async function schedulesOf(group: string): Promise<GetScheduleCommandOutput[]> {
  const schedules: GetScheduleCommandOutput[] = []
  for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: group })) {
    for (const { Name } of Schedules)
      schedules.push(await client.send(new GetScheduleCommand({ GroupName: group, Name })))
  }
  return schedules
}
