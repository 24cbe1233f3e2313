import type { TestContext } from 'node:test'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { DueApps } from '../../../../platforms/aws/worklist/due-apps.ts'
import { WorkMessages } from '../../../../platforms/aws/worklist/messages.ts'
import { SqsWorklist } from '../../../../platforms/aws/worklist.ts'
import type { Run } from '../../../contract/worklist.ts'
import { commandsOf, makeTable, randomPrefix } from '../account.ts'

export const SHOP = { env: 'main', app: 'shop' }
export const BLOG = { env: 'main', app: 'blog' }
const VISIBILITY_SECONDS = 30

/** A work queue and a table, and a worklist whose clock can be set forward. */
export async function scene() {
  const table = await makeTable('resources')
  const sqs = new SQSClient(CLIENT_SETTINGS)
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${randomPrefix()}work`,
      Attributes: { VisibilityTimeout: String(VISIBILITY_SECONDS) },
    }),
  )
  const time = { skew: 0 }
  const clock = { now: () => Date.now() + time.skew }
  const settings = fromVariables(toVariables({ resourcesTable: table.name }))
  const failures: object[] = []
  const handler = () => {
    const client = new SQSClient(CLIENT_SETTINGS)
    const worklist = new SqsWorklist({
      apps: new DueApps(resourcesTable(settings)),
      messages: new WorkMessages(client, QueueUrl),
      clock,
    })
    return { worklist, commands: commandsOf(client) }
  }
  return {
    ...handler(),
    handler,
    clock,
    time,
    failures,
    sqs,
    QueueUrl,
    table: table.name,
    report: (failure: object) => {
      failures.push(failure)
    },
    close: async () => {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }))
      await table.delete()
    },
  }
}

export type Scene = Awaited<ReturnType<typeof scene>>

/** What comes from the queue within so long, as Lambda hands it over; nothing is deleted. */
export async function receiveFrom({ sqs, QueueUrl }: Scene, WaitTimeSeconds: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  )
  return Messages
}

export const recordOf = ({ MessageId, ReceiptHandle, Body, Attributes }: Message) => ({
  messageId: MessageId,
  receiptHandle: ReceiptHandle,
  body: Body,
  attributes: Attributes,
})

export async function sceneOf(t: TestContext) {
  const made = await scene()
  t.after(() => made.close())
  const runs: string[] = []
  const handle = (messages: Message[], run: Run = async () => undefined) =>
    made.worklist.receive(messages.map(recordOf), {
      run: (key) => {
        runs.push(key.app)
        return run(key)
      },
      report: made.report,
    })
  /** What Lambda does with messages that have been handled. */
  const remove = async (messages: Message[]) => {
    for (const { ReceiptHandle } of messages) {
      await made.sqs.send(new DeleteMessageCommand({ QueueUrl: made.QueueUrl, ReceiptHandle }))
    }
  }
  return { ...made, runs, handle, remove, receive: (seconds: number) => receiveFrom(made, seconds) }
}

/** A message that SQS has not sent: the time is not yet, or never was. */
export const messageOf = (key: typeof SHOP, dueAt: number): Message => ({
  MessageId: 'message',
  ReceiptHandle: 'receipt',
  Body: JSON.stringify({ ...key, dueAt }),
  Attributes: { ApproximateReceiveCount: '1' },
})
