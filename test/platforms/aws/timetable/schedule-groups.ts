import type { TestContext } from 'node:test'
import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { randomPrefix } from '../account.ts'

const client = new SchedulerClient()
const sqs = new SQSClient()

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

/** A queue that schedules can have as their target, in place of a function. */
export async function makeQueueFor(t: TestContext): Promise<{ arn: string; next(): Promise<string> }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${randomPrefix()}fired` }))
  t.after(() => sqs.send(new DeleteQueueCommand({ QueueUrl })))
  const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
  const { Attributes } = await sqs.send(request)
  return {
    arn: Attributes?.QueueArn ?? '',
    next: async () => {
      for (;;) {
        const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })
        const { Messages = [] } = await sqs.send(receive)
        if (Messages[0]?.Body !== undefined) return Messages[0].Body
      }
    },
  }
}
