import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { BusEvents } from '../../../platforms/aws/events.ts'
import { eventsContract } from '../../contract/events.ts'
import { commandsOf, randomPrefix, skip } from './account.ts'

const NOWHERE = { client: new EventBridgeClient({ region: 'us-east-1' }), bus: 'none', report: () => {} }

eventsContract('BusEvents', () => new BusEvents(NOWHERE))

describe('BusEvents', () => {
  it('has whoever waits look again, more and more seldom', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const subscription = new BusEvents(NOWHERE).subscribe()
    const waits: number[] = []
    for (let looks = 0; looks < 8; looks += 1) {
      const look = subscription.next(25_000)
      let waited = 0
      let isOver = false
      look.then(() => {
        isOver = true
      })
      while (!isOver) {
        t.mock.timers.tick(1)
        waited += 1
        await Promise.resolve()
      }
      waits.push(waited)
    }
    assert.deepEqual(waits, [100, 150, 225, 338, 507, 760, 1_000, 1_000])
  })

  it('sends nothing where no app has changed', async () => {
    const client = new EventBridgeClient({ region: 'us-east-1' })
    const commands = commandsOf(client)
    const events = new BusEvents({ ...NOWHERE, client })
    events.publish('call:ca-1')
    events.publish('container:co-1')
    await events.flush()
    assert.deepEqual(commands, [])
  })
})

describe('BusEvents on a bus', { skip, timeout: 60_000 }, () => {
  it('says once for each app that it has changed, as soon as it is flushed', async (t) => {
    const { client, bus, received } = await busOf(t)
    const commands = commandsOf(client)
    const failures: unknown[] = []
    const events = new BusEvents({ client, bus, report: (error) => failures.push(error) })
    for (let n = 0; n < 12; n += 1) events.publish(`app:main/shop-${n % 11}`)
    await events.flush()
    await events.flush()
    const apps = Array.from({ length: 11 }, (_, n) => ({ env: 'main', app: `shop-${n}` }))
    assert.deepEqual((await received(11)).sort(byNumber), apps)
    assert.deepEqual([commands.length, failures], [2, []])
  })

  it('tells that a word was lost, and lets the work stand that it was about', async () => {
    const failures: unknown[] = []
    const refusing = new EventBridgeClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 })
    const events = new BusEvents({ client: refusing, bus: 'none', report: (error) => failures.push(error) })
    events.publish('app:main/shop')
    await events.flush()
    assert.equal(failures.length, 1)
  })
})

/** A bus whose events of ours end in a queue. */
async function busOf(t: TestContext) {
  const [client, sqs] = [new EventBridgeClient(), new SQSClient()]
  const bus = `${randomPrefix()}bus`
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: bus }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const rule = { EventBusName: bus, Rule: 'changes' }
  await client.send(new CreateEventBusCommand({ Name: bus }))
  const EventPattern = JSON.stringify({ source: ['sluice'], 'detail-type': ['App Changed'] })
  await client.send(new PutRuleCommand({ EventBusName: bus, Name: rule.Rule, EventPattern }))
  const target = { Id: 'queue', Arn: Attributes?.QueueArn ?? '' }
  await client.send(new PutTargetsCommand({ ...rule, Targets: [target] }))
  t.after(async () => {
    await client.send(new RemoveTargetsCommand({ ...rule, Ids: [target.Id] }))
    await client.send(new DeleteRuleCommand({ EventBusName: bus, Name: rule.Rule }))
    await client.send(new DeleteEventBusCommand({ Name: bus }))
    await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  })
  const received = async (count: number) => {
    const details: Detail[] = []
    while (details.length < count) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
      )
      details.push(...Messages.map(({ Body = '' }) => JSON.parse(Body).detail))
    }
    return details
  }
  return { client, bus, received }
}

interface Detail {
  env: string
  app: string
}

const byNumber = (one: Detail, other: Detail): number => Number(one.app.slice(5)) - Number(other.app.slice(5))
