import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Task } from '@aws-sdk/client-ecs'
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { CreateScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { DeleteQueueCommand, ListQueueTagsCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { waitAddress } from '../../platforms/aws/queue/wait-address.ts'
import { randomPrefix, skip } from '../platforms/aws/account.ts'
import { Cluster, LoadBalancer, makeQueue, messagesOf } from './scene.ts'

const sqs = new SQSClient()
const rules = new EventBridgeClient()
const schedules = new SchedulerClient()

async function cluster(t: TestContext): Promise<Cluster> {
  const made = await new Cluster().make()
  t.after(() => made.delete())
  return made
}

async function queue(t: TestContext) {
  const made = await makeQueue()
  t.after(() => sqs.send(new DeleteQueueCommand({ QueueUrl: made.url })))
  return made
}

describe('the AWS emulator', { skip, timeout: 60_000 }, () => {
  it('makes one task of a launch that is repeated with its token, and refuses the token to another', async (t) => {
    const tasks = await cluster(t)
    const token = randomPrefix()
    const [first, second] = await Promise.all([tasks.run('hello', token), tasks.run('hello', token)])
    assert.equal(first.taskArn, second.taskArn)
    assert.deepEqual(await tasks.list(), [first.taskArn])
    await assert.rejects(tasks.run('goodbye', token), { name: 'ConflictException' })
  })

  it('tells the queue behind a rule what becomes of a task, from its launch to its exit code', async (t) => {
    const tasks = await cluster(t)
    const events = await queue(t)
    await rules.send(
      new PutRuleCommand({
        Name: tasks.name,
        EventPattern: JSON.stringify({
          source: ['aws.ecs'],
          'detail-type': ['ECS Task State Change'],
          detail: { group: [tasks.name] },
        }),
      }),
    )
    await rules.send(new PutTargetsCommand({ Rule: tasks.name, Targets: [{ Id: 'queue', Arn: events.arn }] }))
    t.after(async () => {
      await rules.send(new RemoveTargetsCommand({ Rule: tasks.name, Ids: ['queue'] }))
      await rules.send(new DeleteRuleCommand({ Name: tasks.name }))
    })

    const task = await tasks.run('hello', randomPrefix())
    await tasks.serving(task)
    const told: string[] = []
    for await (const { detail } of messagesOf<{ detail: Task }>(events)) {
      told.push(`${detail.lastStatus} of ${detail.desiredStatus}`)
      if (told.at(-1) === 'RUNNING of RUNNING') await tasks.stop(task.taskArn ?? '')
      if (detail.lastStatus !== 'STOPPED') continue
      assert.deepEqual([detail.stopCode, detail.containers?.[0]?.exitCode], ['UserInitiated', 3])
      break
    }
    assert.deepEqual(told, [
      'PROVISIONING of RUNNING',
      'PENDING of RUNNING',
      'RUNNING of RUNNING',
      'RUNNING of STOPPED',
      'DEPROVISIONING of STOPPED',
      'STOPPED of STOPPED',
    ])
  })

  it('answers by host from a container, and loses no request while a rule moves to another', async (t) => {
    const tasks = await cluster(t)
    const balancer = await new LoadBalancer().make()
    t.after(() => balancer.delete())
    const [one, two] = await Promise.all(['one', 'two'].map((word) => tasks.run(word, randomPrefix())))
    assert.ok(one && two)
    const groups = await Promise.all(
      [one, two].map(async (task) => balancer.groupOf(await tasks.addressOf(task))),
    )
    await balancer.forwardTo(groups[0] ?? '')
    assert.equal((await balancer.get('elsewhere.example.com')).status, 404)

    const words: string[] = []
    const switched = balancer.forwardTo(groups[1] ?? '')
    while (words.at(-1) !== 'two') {
      const { status, body } = await balancer.get()
      assert.equal(status, 200)
      words.push(body)
    }
    await switched
    assert.deepEqual([...new Set(words)], words.includes('one') ? ['one', 'two'] : ['two'])
  })

  it('answers a waiting, signed receive when a message is sent', async (t) => {
    const { url: queueUrl } = await queue(t)
    const waiting = fetch(await waitAddress(sqs, { queueUrl, seconds: 20, max: 1 }))
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'work' }))
    assert.match(await (await waiting).text(), /<Body>work<\/Body>/)
  })

  it('fires a schedule at its time, by the clock of its time zone, and forgets it', async (t) => {
    const fired = await queue(t)
    const Name = randomPrefix()
    const due = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000)
    const inTokyo = due.toLocaleString('sv-SE', { timeZone: 'Asia/Tokyo' }).replace(' ', 'T')
    await schedules.send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: `at(${inTokyo})`,
        ScheduleExpressionTimezone: 'Asia/Tokyo',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: fired.arn,
          RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
          Input: '{ "at": "<aws.scheduler.scheduled-time>" }',
        },
      }),
    )
    for await (const message of messagesOf(fired)) {
      assert.deepEqual(message, { at: due.toISOString().replace('.000Z', 'Z') })
      break
    }
    const { Schedules } = await schedules.send(new ListSchedulesCommand({ NamePrefix: Name }))
    assert.deepEqual(Schedules, [])
  })

  it('refuses the calls that a test asks it to, and counts all of them', async (t) => {
    const { url: QueueUrl } = await queue(t)
    const throttle = [{ action: 'sqs:ListQueueTags', times: 1 }]
    const before = (await emulator('GET', 'calls'))['sqs:ListQueueTags'] ?? 0
    await emulator('PUT', 'faults', { throttle })
    t.after(() => emulator('DELETE', 'faults'))
    const once = new SQSClient({ maxAttempts: 1 })
    const list = () => once.send(new ListQueueTagsCommand({ QueueUrl }))
    await assert.rejects(list(), { name: 'RequestThrottled' })
    await list()
    assert.equal((await emulator('GET', 'calls'))['sqs:ListQueueTags'], Number(before) + 2)
  })
})

async function emulator(method: string, what: string, body?: object): Promise<Record<string, unknown>> {
  const init = body ? { method, body: JSON.stringify(body) } : { method }
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_rig/${what}`, init)
  assert.equal(response.status, 200)
  return (await response.json()) as Record<string, unknown>
}
