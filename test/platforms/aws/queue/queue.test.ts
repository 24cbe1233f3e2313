import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GetQueueAttributesCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { makeQueue } from '../../../../platforms/aws/queue/queue.ts'
import { queueContract } from '../../../contract/queue.ts'
import { onCommand, skip } from '../account.ts'
import { callsOf, INDEX, PINNED, queuesOf, receive, scene, sceneOf, wakeAt } from './scene.ts'

const HELD = 'on AWS no request is held: a Lambda that waits costs as much as the container that it waits for'

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

  it('finds what another process has made, and makes anew what it has removed', async (t) => {
    const { handler, prefix } = await sceneOf(t)
    const [{ queue: one }, { queue: other, commands }, { queue: third }] = [handler(), handler(), handler()]
    await one.send(INDEX, 'ca-1', 0)
    assert.deepEqual(callsOf((await receive(other)).hints), ['ca-1'])
    assert.deepEqual(commands, ['GetQueueUrlCommand', 'ReceiveMessageCommand'])
    assert.deepEqual((await receive(third)).hints, [])
    const before = await queuesOf(prefix)
    await one.remove(INDEX)
    assert.deepEqual(await queuesOf(prefix), [])
    await other.send(INDEX, 'ca-2', 0)
    assert.deepEqual(callsOf((await receive(one)).hints), ['ca-2'])
    assert.deepEqual((await receive(third)).hints, [])
    await one.send(INDEX, 'ca-3', 0)
    assert.deepEqual(callsOf((await receive(third)).hints), ['ca-3'])
    const after = await queuesOf(prefix)
    assert.deepEqual([before.length, after.length], [1, 1])
    assert.notEqual(after[0], before[0], 'SQS gives a name out again only after a minute')
  })

  it('waits where others send, also where it has looked in vain for queues that were removed since', async (t) => {
    const { handler, prefix } = await sceneOf(t)
    const [{ queue: one }, { queue: other }] = [handler(), handler()]
    await receive(other, { queues: [PINNED] })
    await one.remove(INDEX)
    await one.send(INDEX, 'ca-1', 0)
    const { hints, waitAt } = await receive(other)
    assert.deepEqual(
      [...callsOf(hints), ...callsOf((await receive(other, { wake: await wakeAt(waitAt) })).hints)],
      ['ca-1'],
    )
    assert.equal((await queuesOf(prefix)).length, 1)
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

  it('delays a hint for as long as SQS can', async (t) => {
    const { queue, sqs } = (await sceneOf(t)).handler()
    const inputs: Partial<SendMessageCommandInput>[] = []
    onCommand(sqs, (_, input) => inputs.push(input))
    for (const delayMs of [-5_000, 1, 3_600_000]) await queue.send(INDEX, 'ca-1', Date.now() + delayMs)
    const delays = inputs.map(({ DelaySeconds }) => DelaySeconds)
    assert.deepEqual(
      delays.filter((seconds) => seconds !== undefined),
      [0, 1, 900],
    )
  })

  it('makes queues that are encrypted, keep a hint for two weeks, and fit the longest names', async (t) => {
    const { handler, prefix } = await sceneOf(t)
    const longest = { env: 'e'.repeat(32), app: 'a'.repeat(64), function: 'f'.repeat(64), pin: 999_999 }
    await handler().queue.send(longest, 'ca-1', Date.now() + 3_600_000)
    const [QueueUrl = ''] = await queuesOf(prefix)
    const { Attributes = {} } = await new SQSClient(CLIENT_SETTINGS).send(
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
})
