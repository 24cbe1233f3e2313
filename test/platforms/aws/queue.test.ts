import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  paginateListQueues,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { Hint, QueueKey } from '../../../control/ports.ts'
import { CLIENT_SETTINGS } from '../../../platforms/aws/client-settings.ts'
import { makeQueue, SqsQueue } from '../../../platforms/aws/queue/queue.ts'
import { Queues } from '../../../platforms/aws/queue/queues.ts'
import { Removals } from '../../../platforms/aws/queue/removals.ts'
import { resourcesTable } from '../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../platforms/aws/settings.ts'
import { queueContract } from '../../contract/queue.ts'
import { commandsOf, makeTable, randomPrefix, skip } from './account.ts'

const HELD = 'on AWS no request is held: a Lambda that waits costs as much as the container that it waits for'
const INDEX: QueueKey = { env: 'main', app: 'shop', function: 'index' }
const PINNED: QueueKey = { ...INDEX, pin: 3 }
const SEARCH: QueueKey = { ...INDEX, function: 'search' }
const NEVER = new Promise<void>(() => {})

/** Names and a table of its own, and any number of handlers that share them, each as in a process of its own. */
async function scene() {
  const table = await makeTable('resources')
  const prefix = randomPrefix()
  const time = { skew: 0 }
  const clock = { now: () => Date.now() + time.skew }
  const settings = fromVariables(toVariables({ resourcesTable: table.name, queuePrefix: prefix }))
  const handler = () => {
    const sqs = new SQSClient(CLIENT_SETTINGS)
    const removals = new Removals(resourcesTable(settings))
    const queue = new SqsQueue({ sqs, queues: new Queues({ sqs, removals, clock, prefix }), clock })
    return { queue, commands: commandsOf(sqs) }
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

async function queuesOf(prefix: string): Promise<string[]> {
  const urls: string[] = []
  for await (const page of paginateListQueues({ client }, { QueueNamePrefix: prefix, MaxResults: 100 })) {
    urls.push(...(page.QueueUrls ?? []))
  }
  return urls
}

queueContract(
  'SqsQueue',
  async () => {
    const { settings, close } = await scene()
    return { queue: makeQueue(settings), now: Date.now, advance: async () => {}, close }
  },
  {
    skip,
    except: {
      'ends a held request with nothing when the time is up': HELD,
      'ends a held request with nothing when it is interrupted': HELD,
    },
  },
)

describe('SqsQueue', { skip, timeout: 120_000 }, () => {
  const sceneOf = async (t: TestContext) => {
    const made = await scene()
    t.after(() => made.close())
    return made
  }
  const receive = (queue: SqsQueue, { queues = [INDEX], max = 10, wake }: Partial<Asked> = {}) =>
    queue.receive({ queues, max, wake, holdMs: 0, interrupted: NEVER })
  const wakeAt = async (waitAt: string | undefined) => (await fetch(waitAt ?? '')).text()

  it('takes two requests for a call: one that receives it and one that deletes it', async (t) => {
    const { queue, commands } = (await sceneOf(t)).handler()
    for (const callId of ['ca-1', 'ca-2', 'ca-3']) await queue.send(INDEX, callId, 0)
    await receive(queue, { queues: [INDEX, PINNED], max: 1 })
    commands.splice(0)
    const { hints } = await receive(queue, { queues: [INDEX, PINNED], max: 1 })
    for (const hint of hints) await queue.settle(hint, 'drop')
    assert.deepEqual([hints.length, commands], [1, ['ReceiveMessageCommand', 'DeleteMessageCommand']])
  })

  it('takes one request more for a call that a container has waited for, which is the wait', async (t) => {
    const { queue, commands } = (await sceneOf(t)).handler()
    const { waitAt } = await receive(queue)
    const waiting = wakeAt(waitAt)
    await queue.send(INDEX, 'ca-1', 0)
    const wake = await waiting
    commands.splice(0)
    const { hints } = await receive(queue, { wake })
    for (const hint of hints) await queue.settle(hint, 'drop')
    assert.deepEqual([callsOf(hints), commands], [['ca-1'], ['DeleteMessageCommand']])
    assert.deepEqual(await messagesLeft(queue), [])
  })

  it('asks nothing of SQS between one wait in vain and the next', async (t) => {
    const { queue, commands } = (await sceneOf(t)).handler()
    await receive(queue)
    commands.splice(0)
    const { waitAt } = await receive(queue, { wake: EMPTY })
    assert.ok(waitAt)
    assert.deepEqual(commands, [])
  })

  it('sends a container to its queue for as long as SQS waits, by a URL for this only', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    const { waitAt = '' } = await receive(queue, { max: 3 })
    const { searchParams } = new URL(waitAt)
    const parameters = Object.fromEntries(searchParams)
    assert.deepEqual(parameters, {
      ...parameters,
      Action: 'ReceiveMessage',
      Version: '2012-11-05',
      WaitTimeSeconds: '20',
      MaxNumberOfMessages: '3',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': '60',
    })
    assert.match(searchParams.get('X-Amz-Credential') ?? '', /\/us-east-1\/sqs\/aws4_request$/)
    assert.ok(searchParams.has('X-Amz-Signature'))
  })

  it('has a container wait shortly where pinned calls may come, and where it may not take others yet', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    const secondsAt = (waitAt = '') => new URL(waitAt).searchParams.get('WaitTimeSeconds')
    const starting = await receive(queue, { queues: [PINNED] })
    assert.equal(secondsAt(starting.waitAt), '2')
    assert.match(starting.waitAt ?? '', /-idle\?/)
    await queue.send(PINNED, 'ca-1', 0)
    assert.deepEqual(callsOf((await receive(queue, { queues: [PINNED] })).hints), ['ca-1'])
    const common = await receive(queue, { queues: [INDEX, PINNED] })
    assert.equal(secondsAt(common.waitAt), '2')
    assert.doesNotMatch(common.waitAt ?? '', /-v3\?/)
  })

  it('lets neither of two queues that never run dry hide the other', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    for (let n = 0; n < 6; n += 1)
      for (const key of [INDEX, PINNED]) await queue.send(key, `ca-${key.pin ?? 0}`, 0)
    const received: string[] = []
    for (let n = 0; n < 4; n += 1) {
      received.push(...callsOf((await receive(queue, { queues: [INDEX, PINNED], max: 1 })).hints))
    }
    assert.deepEqual(received.sort(), ['ca-0', 'ca-0', 'ca-3', 'ca-3'])
  })

  it('leaves the messages of other functions alone, whatever a container says that it was told', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    for (const key of [INDEX, SEARCH]) await queue.send(key, 'ca-1', 0)
    const [foreign] = (await receive(queue, { queues: [SEARCH] })).hints
    assert.ok(foreign)
    const wake = answer(['ca-1', JSON.parse(foreign.receipt).handle])
    for (const outcome of ['drop', 'return'] as const) {
      const { hints } = await receive(queue, { queues: [INDEX, PINNED], wake })
      assert.deepEqual(callsOf(hints), ['ca-1'])
      for (const hint of hints) await queue.settle(hint, outcome)
    }
    assert.deepEqual((await receive(queue, { queues: [SEARCH] })).hints, [])
    await queue.settle(foreign, 'return')
    assert.equal((await receive(queue, { queues: [SEARCH] })).hints.length, 1)
  })

  it('takes nothing for told that SQS would not have told', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    await queue.send(INDEX, 'ca-1', 0)
    const LIES = [
      '',
      '<',
      '{"Messages": []}',
      '<ReceiveMessageResponse/>',
      answer(['index.html', 'handle']),
      answer(['ca-2', 'a "b" https://sqs/other']),
      answer(['ca-2', 'x'.repeat(3_000)]),
      answer(...Array.from({ length: 5_000 }, (): [string, string] => ['ca-2', 'handle'])),
      '<a>'.repeat(20_000),
    ]
    for (const wake of LIES) {
      const { hints } = await receive(queue, { wake })
      assert.deepEqual(callsOf(hints), ['ca-1'], wake.slice(0, 80))
      for (const hint of hints) await queue.settle(hint, 'return')
    }
    const many = answer(...Array.from({ length: 9 }, (_, n): [string, string] => [`ca-${n}`, 'handle']))
    assert.equal((await receive(queue, { wake: many, max: 2 })).hints.length, 2)
  })

  it('gives back what a container was told whose version is no longer live', async (t) => {
    const { queue } = (await sceneOf(t)).handler()
    const waiting = wakeAt((await receive(queue)).waitAt)
    await queue.send(INDEX, 'ca-1', 0)
    const { hints } = await receive(queue, { queues: [PINNED], wake: await waiting })
    assert.deepEqual(callsOf((await receive(queue)).hints), [])
    for (const hint of hints) await queue.settle(hint, 'return')
    assert.deepEqual(callsOf((await receive(queue)).hints), ['ca-1'])
  })

  it('finds what another process has made, and makes anew what it has removed', async (t) => {
    const { handler, prefix } = await sceneOf(t)
    const [{ queue: one }, { queue: other, commands }] = [handler(), handler()]
    await one.send(INDEX, 'ca-1', 0)
    assert.deepEqual(callsOf((await receive(other)).hints), ['ca-1'])
    assert.deepEqual(commands, ['GetQueueUrlCommand', 'ReceiveMessageCommand'])
    const before = await queuesOf(prefix)
    await one.remove(INDEX)
    assert.deepEqual(await queuesOf(prefix), [])
    assert.deepEqual((await receive(other)).hints, [])
    await other.send(INDEX, 'ca-2', 0)
    assert.deepEqual(callsOf((await receive(one)).hints), ['ca-2'])
    const after = await queuesOf(prefix)
    assert.deepEqual([before.length, after.length], [1, 1])
    assert.notEqual(after[0], before[0], 'SQS gives a name out again only after a minute')
  })

  it('looks for the queue of pinned calls again after a while', async (t) => {
    const { handler, time } = await sceneOf(t)
    const [{ queue: one, commands }, { queue: other }] = [handler(), handler()]
    const queues = [INDEX, PINNED]
    await receive(one, { queues })
    await other.send(PINNED, 'ca-1', 0)
    commands.splice(0)
    assert.deepEqual((await receive(one, { queues })).hints, [])
    assert.deepEqual(commands, ['ReceiveMessageCommand'])
    time.skew += 10_000
    assert.deepEqual(callsOf((await receive(one, { queues })).hints), ['ca-1'])
  })

  it('makes queues that are encrypted, keep a hint for two weeks, and fit the longest names', async (t) => {
    const { handler, prefix } = await sceneOf(t)
    const longest = { env: 'e'.repeat(32), app: 'a'.repeat(64), function: 'f'.repeat(64), pin: 999_999 }
    await handler().queue.send(longest, 'ca-1', Date.now() + 3_600_000)
    const [QueueUrl = ''] = await queuesOf(prefix)
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    const { SqsManagedSseEnabled, MessageRetentionPeriod, ApproximateNumberOfMessagesDelayed } = Attributes
    assert.deepEqual(
      { SqsManagedSseEnabled, MessageRetentionPeriod, ApproximateNumberOfMessagesDelayed },
      {
        SqsManagedSseEnabled: 'true',
        MessageRetentionPeriod: '1209600',
        ApproximateNumberOfMessagesDelayed: '1',
      },
    )
    assert.ok(QueueUrl.split('/').at(-1) && QueueUrl.length - QueueUrl.lastIndexOf('/') <= 81, QueueUrl)
  })

  const messagesLeft = async (queue: SqsQueue) => {
    const { waitAt } = await receive(queue)
    const { pathname } = new URL(waitAt ?? '')
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: new URL(pathname, waitAt).href,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    )
    return Object.values(Attributes).filter((count) => count !== '0')
  }
})

type Asked = Parameters<SqsQueue['receive']>[0]

const callsOf = (hints: Hint[]): string[] => hints.map(({ callId }) => callId)

/** As SQS writes it. */
function answer(...messages: [body: string, handle: string][]): string {
  const elements = messages.map(
    ([body, handle]) =>
      `<Message><MessageId>0b1c</MessageId><ReceiptHandle>${handle}</ReceiptHandle><MD5OfBody>fafb</MD5OfBody><Body>${body}</Body></Message>`,
  )
  return `<?xml version="1.0"?><ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult>${elements.join('')}</ReceiveMessageResult><ResponseMetadata><RequestId>b6633655</RequestId></ResponseMetadata></ReceiveMessageResponse>`
}

const EMPTY = answer()
