import type { TestContext } from 'node:test'
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  paginateListQueues,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { Hint, QueueKey } from '../../../../control/ports.ts'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { SqsQueue } from '../../../../platforms/aws/queue/queue.ts'
import { Queues } from '../../../../platforms/aws/queue/queues.ts'
import { Removals } from '../../../../platforms/aws/queue/removals.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { commandsOf, makeTable, randomPrefix } from '../account.ts'

export const INDEX: QueueKey = { env: 'main', app: 'shop', function: 'index' }
export const PINNED: QueueKey = { ...INDEX, pin: 3 }
export const SEARCH: QueueKey = { ...INDEX, function: 'search' }
const NEVER = new Promise<void>(() => {})

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const

type Receive = Parameters<SqsQueue['receive']>[0]

/** Names and a table of its own, and any number of handlers that share them, each as in a process of its own. */
export async function scene() {
  const table = await makeTable('resources')
  const prefix = randomPrefix()
  const time = { skew: 0 }
  const clock = { now: () => Date.now() + time.skew }
  const settings = fromVariables(toVariables({ resourcesTable: table.name, queuePrefix: prefix }))
  const handler = () => {
    const sqs = new SQSClient(CLIENT_SETTINGS)
    const removals = new Removals(resourcesTable(settings))
    const queue = new SqsQueue({ sqs, queues: new Queues({ sqs, removals, clock, prefix }), clock })
    return { queue, sqs, commands: commandsOf(sqs) }
  }
  return {
    settings,
    prefix,
    time,
    handler,
    close: async () => {
      for (const QueueUrl of await queuesOf(prefix)) await client.send(new DeleteQueueCommand({ QueueUrl }))
      await table.delete()
    },
  }
}

const client = new SQSClient(CLIENT_SETTINGS)

export async function queuesOf(prefix: string): Promise<string[]> {
  const urls: string[] = []
  for await (const page of paginateListQueues({ client }, { QueueNamePrefix: prefix, MaxResults: 100 })) {
    urls.push(...(page.QueueUrls ?? []))
  }
  return urls
}

/** How many messages there are, received or not. */
export async function messagesIn(prefix: string): Promise<number> {
  let messages = 0
  for (const QueueUrl of await queuesOf(prefix)) {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
    )
    for (const count of COUNTS) messages += Number(Attributes[count])
  }
  return messages
}

export async function sceneOf(t: TestContext) {
  const made = await scene()
  t.after(() => made.close())
  return made
}

export const receive = (
  queue: SqsQueue,
  { queues = [INDEX], max = 10, wake }: Partial<Receive> = {},
): ReturnType<SqsQueue['receive']> => queue.receive({ queues, max, wake, holdMs: 0, interrupted: NEVER })

/** What SQS answers to a container that waits. */
export const wakeAt = async (waitAt = ''): Promise<string> => (await fetch(waitAt)).text()

export const callsOf = (hints: Hint[]): string[] => hints.map(({ callId }) => callId)

/** As SQS writes it. */
export function answer(...messages: [body: string, handle: string][]): string {
  const elements = messages.map(
    ([body, handle]) =>
      `<Message><MessageId>0b1c</MessageId><ReceiptHandle>${handle}</ReceiptHandle><MD5OfBody>fafb</MD5OfBody><Body>${body}</Body></Message>`,
  )
  return `<?xml version="1.0"?><ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult>${elements.join('')}</ReceiveMessageResult><ResponseMetadata><RequestId>b6633655</RequestId></ResponseMetadata></ReceiveMessageResponse>`
}

export const EMPTY = answer()
