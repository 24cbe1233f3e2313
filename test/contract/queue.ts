import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { CallQueue, Hint, QueueKey } from '../../control/ports.ts'
import { type Conditions, itExcept } from './conditions.ts'

export interface QueueRig {
  queue: CallQueue
  now(): number
  /** Lets time pass, where it does not by itself. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

const HOLD_MS = 20_000
const INDEX: QueueKey = { env: 'main', app: 'shop', function: 'index' }
const SEARCH: QueueKey = { ...INDEX, function: 'search' }
const PINNED: QueueKey = { ...INDEX, pin: 3 }
const OTHER_APP: QueueKey = { ...INDEX, app: 'shop-2' }
const NEVER = new Promise<void>(() => {})

/** What the domain relies on to bring calls to containers quickly. Truth is not among it: that is the store's. */
export function queueContract(
  name: string,
  makeQueue: () => Promise<QueueRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as a queue of calls`, {
    skip: conditions.skip ?? false,
    concurrency: true,
    timeout: 120_000,
  }, () => {
    const scene = async (t: TestContext) => {
      const rig = await makeQueue()
      t.after(() => rig.close())
      const { queue } = rig
      const send = (key: QueueKey, callId: string, delayMs = 0) =>
        queue.send(key, callId, rig.now() + delayMs)
      /** What is there. */
      const receive = async (queues: QueueKey[], { max = 10, holdMs = 0, interrupted = NEVER } = {}) =>
        (await queue.receive({ queues, max, holdMs, interrupted, wake: undefined })).hints
      /** What is there, or comes. */
      const wait = (queues: QueueKey[], max = 10) => waitFor(queue, { queues, max })
      return { ...rig, send, receive, wait }
    }

    it('gives a hint to one container only', async (t) => {
      const { send, receive, wait } = await scene(t)
      await send(INDEX, 'ca-1')
      assert.deepEqual(callsOf(await wait([INDEX])), ['ca-1'])
      assert.deepEqual(await receive([INDEX]), [])
    })

    it('keeps functions apart, and pinned calls from the others', async (t) => {
      const { send, wait } = await scene(t)
      await send(INDEX, 'ca-1')
      await send(SEARCH, 'ca-2')
      await send(PINNED, 'ca-3')
      assert.deepEqual(callsOf(await wait([PINNED])), ['ca-3'])
      assert.deepEqual(callsOf(await wait([SEARCH])), ['ca-2'])
      assert.deepEqual(callsOf(await wait([INDEX])), ['ca-1'])
    })

    it('gives from several queues, and no more than asked for', async (t) => {
      const { send, wait } = await scene(t)
      for (const callId of ['ca-1', 'ca-2']) await send(INDEX, callId)
      await send(PINNED, 'ca-3')
      const received: string[] = []
      while (received.length < 3) {
        const hints = await wait([INDEX, PINNED], 2)
        assert.ok(hints.length <= 2, `${hints.length} hints`)
        received.push(...callsOf(hints))
      }
      assert.deepEqual(received.sort(), ['ca-1', 'ca-2', 'ca-3'])
    })

    it('brings what comes later to a container that waits', async (t) => {
      const { send, wait } = await scene(t)
      for (const key of [INDEX, PINNED]) await send(key, 'ca-0')
      for (const key of [INDEX, PINNED]) assert.equal((await wait([key])).length, 1)
      for (const key of [INDEX, PINNED]) {
        const waiting = wait([INDEX, PINNED])
        await send(key, 'ca-1')
        assert.deepEqual(callsOf(await waiting), ['ca-1'])
      }
    })

    it('ends a held request with nothing when the time is up', async (t) => {
      const { receive, advance } = await scene(t)
      const waiting = receive([INDEX], { holdMs: HOLD_MS })
      await advance(HOLD_MS)
      assert.deepEqual(await waiting, [])
    })

    it('ends a held request with nothing when it is interrupted', async (t) => {
      const { receive } = await scene(t)
      assert.deepEqual(await receive([INDEX], { holdMs: HOLD_MS, interrupted: Promise.resolve() }), [])
    })

    it('shows a delayed hint at its time and not before', async (t) => {
      const { send, receive, wait, now, advance } = await scene(t)
      const due = now() + 2_000
      await send(INDEX, 'ca-1', 2_000)
      assert.deepEqual(await receive([INDEX]), [])
      const waiting = wait([INDEX]).then((hints) => ({ hints, at: now() }))
      await advance(2_000)
      const { hints, at } = await waiting
      assert.deepEqual(callsOf(hints), ['ca-1'])
      assert.ok(at >= due, `${due - at} ms too early`)
    })

    it('gives a returned hint to another container, and a dropped one to nobody', async (t) => {
      const { queue, send, receive, wait } = await scene(t)
      for (const callId of ['ca-1', 'ca-2']) await send(INDEX, callId)
      for (let settled = 0; settled < 2; settled += 1) {
        for (const hint of await wait([INDEX], 1)) {
          await queue.settle(hint, 'drop')
          // What was settled is no longer anybody's: to say so again, or otherwise, changes nothing.
          await queue.settle(hint, 'drop')
        }
      }
      assert.deepEqual(await receive([INDEX]), [])
      await send(INDEX, 'ca-3')
      for (const hint of await wait([INDEX])) await queue.settle(hint, 'return')
      assert.deepEqual(callsOf(await wait([INDEX])), ['ca-3'])
    })

    it('forgets what waits for an app that is removed, and serves it anew at once', async (t) => {
      const { queue, send, receive, wait } = await scene(t)
      for (const key of [INDEX, PINNED, OTHER_APP]) await send(key, 'ca-1')
      await queue.remove(INDEX)
      await queue.remove(INDEX)
      assert.deepEqual(await receive([INDEX, PINNED]), [])
      for (const key of [INDEX, PINNED]) {
        await send(key, 'ca-2')
        assert.deepEqual(callsOf(await wait([key])), ['ca-2'])
      }
      assert.deepEqual(callsOf(await wait([OTHER_APP])), ['ca-1'])
    })
  })
}

/** Waits as a container does: held by the queue, or where it is sent to. */
async function waitFor(
  queue: CallQueue,
  request: Pick<Parameters<CallQueue['receive']>[0], 'queues' | 'max'>,
): Promise<Hint[]> {
  let wake: string | undefined
  for (;;) {
    const { hints, waitAt } = await queue.receive({ ...request, wake, holdMs: HOLD_MS, interrupted: NEVER })
    if (waitAt === undefined || hints.length > 0) return hints
    wake = await (await fetch(waitAt)).text()
  }
}

const callsOf = (hints: Hint[]): string[] => hints.map((hint) => hint.callId)
