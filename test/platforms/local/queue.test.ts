import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Hint, QueueKey } from '../../../control/ports.ts'
import { LocalQueue } from '../../../platforms/local/queue.ts'
import { queueContract } from '../../contract/queue.ts'
import { VirtualTime } from './virtual-time.ts'

const INDEX: QueueKey = { env: 'main', app: 'shop', function: 'index' }
const PINNED: QueueKey = { ...INDEX, pin: 3 }
const HOLD_MS = 20_000

function scene() {
  const time = new VirtualTime('2026-01-01T00:00:00Z')
  const queue = new LocalQueue({ clock: time, timers: time })
  const send = (callId: string, delayMs = 0, key = INDEX) => queue.send(key, callId, time.now() + delayMs)
  const receive = async ({
    queues = [INDEX],
    max = 10,
    holdMs = 0,
    interrupted = new Promise<void>(() => {}),
  } = {}) => callsOf(await hints({ queues, max, holdMs, interrupted }))
  const hints = async (request: {
    queues: QueueKey[]
    max: number
    holdMs: number
    interrupted: Promise<void>
  }) => (await queue.receive({ ...request, wake: undefined })).hints
  const wait = (interrupted?: Promise<void>) =>
    receive({ queues: [INDEX, PINNED], holdMs: HOLD_MS, ...(interrupted && { interrupted }) })
  return { time, queue, send, receive, wait }
}

const callsOf = (hints: Hint[]) => hints.map((hint) => hint.callId)
const hint = (callId: string): Hint => ({ callId, receipt: 'main/shop/index/' })

queueContract('LocalQueue', async () => {
  const { time, queue } = scene()
  return {
    queue,
    now: () => time.now(),
    advance: (ms) => time.advance(ms),
    close: async () => queue.close(),
  }
})

describe('LocalQueue', () => {
  it('gives first what came first, and what was returned before that', async () => {
    const { queue, send, receive } = scene()
    for (const callId of ['ca-1', 'ca-2', 'ca-3', 'ca-4']) await send(callId)
    assert.deepEqual(await receive({ max: 2 }), ['ca-1', 'ca-2'])
    await queue.settle(hint('ca-1'), 'return')
    assert.deepEqual(await receive(), ['ca-1', 'ca-3', 'ca-4'])
  })

  it('keeps the order over thousands of calls', async () => {
    const { send, receive } = scene()
    const sent = Array.from({ length: 5_000 }, (_, index) => `ca-${index}`)
    for (const callId of sent) await send(callId)
    const received: string[] = []
    while (received.length < sent.length) received.push(...(await receive({ max: 7 })))
    assert.deepEqual(received, sent)
  })

  it('holds a call that is sent twice once, at the earlier of its times', async () => {
    const { time, send, receive } = scene()
    await send('ca-1', 5_000)
    await send('ca-1', 2_000)
    await send('ca-1', 9_000)
    await time.advance(2_000)
    assert.deepEqual(await receive(), ['ca-1'])
    await send('ca-2', 5_000)
    await send('ca-2')
    await send('ca-2', 5_000)
    assert.deepEqual(await receive(), ['ca-2'])
    await time.advance(60_000)
    assert.deepEqual(await receive(), [])
  })

  it('says whether a container that waited takes the call', async () => {
    const { send, wait } = scene()
    assert.equal(await send('ca-1', 0, PINNED), 'waiting')
    assert.deepEqual(await wait(), ['ca-1'])
    const waiting = wait()
    assert.equal(await send('ca-2'), 'taken')
    assert.deepEqual(await waiting, ['ca-2'])
  })

  it('wakes one waiter for each hint, the one that has waited longest', async () => {
    const { time, send, wait } = scene()
    const waiting = [wait(), wait(), wait()]
    await send('ca-1')
    await send('ca-2')
    await time.advance(HOLD_MS)
    assert.deepEqual(await Promise.all(waiting), [['ca-1'], ['ca-2'], []])
  })

  it('gives one waiter what comes in one go, as much as it has room for, and the next one the rest', async () => {
    const { time, send, receive } = scene()
    const waiting = [2, 1, 3, 1].map((max) => receive({ max, holdMs: HOLD_MS }))
    await Promise.all(['ca-1', 'ca-2', 'ca-3', 'ca-4', 'ca-5'].map((id) => send(id)))
    await time.advance(HOLD_MS)
    assert.deepEqual(await Promise.all(waiting), [['ca-1', 'ca-2'], ['ca-3'], ['ca-4', 'ca-5'], []])
  })

  it('gives what one container returns to another that waits', async () => {
    const { queue, send, receive, wait } = scene()
    await send('ca-1')
    await receive()
    const other = wait()
    await queue.settle(hint('ca-1'), 'return')
    assert.deepEqual(await other, ['ca-1'])
  })

  it('loses no hint to a waiter that is interrupted in the same breath', async () => {
    const { send, wait, receive } = scene()
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = wait(promise)
    resolve()
    await Promise.all([send('ca-1'), send('ca-2')])
    assert.deepEqual(await waiting, [])
    assert.deepEqual(await receive(), ['ca-1', 'ca-2'])
  })

  it('passes such a hint on to the next waiter', async () => {
    const { send, wait } = scene()
    const { promise, resolve } = Promise.withResolvers<void>()
    const [interrupted, next] = [wait(promise), wait()]
    resolve()
    await send('ca-1')
    assert.deepEqual(await interrupted, [])
    assert.deepEqual(await next, ['ca-1'])
  })

  it('runs one timer for all delayed calls, and none when nothing is left', async () => {
    const { time, queue, send, receive } = scene()
    for (let index = 0; index < 50; index++) await send(`ca-${index}`, 1_000 + index)
    assert.equal(time.timers, 1)
    await time.advance(2_000)
    assert.equal((await receive({ max: 100 })).length, 50)
    assert.deepEqual([time.timers, queue.size], [0, 0])
  })

  it('ends every wait when it is closed', async () => {
    const { time, queue, send, wait } = scene()
    const waiting = wait()
    await send('ca-1', 1_000)
    queue.close()
    assert.deepEqual(await waiting, [])
    assert.equal(time.timers, 0)
  })
})
