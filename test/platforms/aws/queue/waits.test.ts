import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skip } from '../account.ts'
import {
  answer,
  callsOf,
  EMPTY,
  INDEX,
  messagesIn,
  PINNED,
  receive,
  SEARCH,
  sceneOf,
  wakeAt,
} from './scene.ts'

describe('a container that waits at SQS', { skip, timeout: 120_000 }, () => {
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
    const { handler, prefix } = await sceneOf(t)
    const { queue, commands } = handler()
    const { waitAt } = await receive(queue)
    const waiting = wakeAt(waitAt)
    await queue.send(INDEX, 'ca-1', 0)
    const wake = await waiting
    commands.splice(0)
    const { hints } = await receive(queue, { wake })
    for (const hint of hints) await queue.settle(hint, 'drop')
    assert.deepEqual([callsOf(hints), commands], [['ca-1'], ['DeleteMessageCommand']])
    assert.equal(await messagesIn(prefix), 0)
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
})

describe('what a container says that SQS told it', { skip, timeout: 120_000 }, () => {
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
})
