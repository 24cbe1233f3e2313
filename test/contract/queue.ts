import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { CallQueue, Hint, QueueKey } from '../../control/ports.ts'

export interface QueueRig {
  queue: CallQueue
  now(): number
  /** Lets time pass, or waits for it to. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

const HOLD_MS = 20_000
const INDEX: QueueKey = { env: 'main', app: 'shop', function: 'index' }
const SEARCH: QueueKey = { ...INDEX, function: 'search' }
const PINNED: QueueKey = { ...INDEX, pin: 3 }
const NEVER = new Promise<void>(() => {})

/** What the domain relies on to bring calls to containers quickly. Truth is not among it: that is the store's. */
export function queueContract(name: string, makeQueue: () => Promise<QueueRig>): void {
  describe(`${name} as a queue of calls`, () => {
    const scene = async (t: TestContext) => {
      const rig = await makeQueue()
      t.after(() => rig.close())
      const { queue } = rig
      const receive = (queues: QueueKey[], { max = 10, holdMs = 0, interrupted = NEVER } = {}) =>
        receiveFrom(queue, { queues, max, holdMs, interrupted })
      const send = (key: QueueKey, callId: string, delayMs = 0) =>
        queue.send(key, callId, rig.now() + delayMs)
      return { ...rig, send, receive }
    }

    it('gives a hint to one container only', async (t) => {
      const { send, receive } = await scene(t)
      await send(INDEX, 'ca-1')
      assert.deepEqual(callsOf(await receive([INDEX])), ['ca-1'])
      assert.deepEqual(await receive([INDEX]), [])
    })

    it('keeps functions apart, and pinned calls from the others', async (t) => {
      const { send, receive } = await scene(t)
      await send(INDEX, 'ca-1')
      await send(SEARCH, 'ca-2')
      await send(PINNED, 'ca-3')
      assert.deepEqual(callsOf(await receive([PINNED])), ['ca-3'])
      assert.deepEqual(callsOf(await receive([SEARCH])), ['ca-2'])
      assert.deepEqual(callsOf(await receive([INDEX])), ['ca-1'])
    })

    it('gives from several queues, and no more than asked for', async (t) => {
      const { send, receive } = await scene(t)
      for (const callId of ['ca-1', 'ca-2']) await send(INDEX, callId)
      await send(PINNED, 'ca-3')
      const first = callsOf(await receive([INDEX, PINNED], { max: 2 }))
      const second = callsOf(await receive([INDEX, PINNED], { max: 2 }))
      assert.deepEqual([first.length, second.length], [2, 1])
      assert.deepEqual([...first, ...second].sort(), ['ca-1', 'ca-2', 'ca-3'])
    })

    it('holds a container that finds nothing until there is something', async (t) => {
      const { send, receive } = await scene(t)
      const waiting = receive([INDEX, PINNED], { holdMs: HOLD_MS })
      await send(PINNED, 'ca-1')
      assert.deepEqual(callsOf(await waiting), ['ca-1'])
    })

    it('ends a wait with nothing when the time is up', async (t) => {
      const { receive, advance } = await scene(t)
      const waiting = receive([INDEX], { holdMs: HOLD_MS })
      await advance(HOLD_MS)
      assert.deepEqual(await waiting, [])
    })

    it('ends a wait with nothing when it is interrupted', async (t) => {
      const { receive } = await scene(t)
      assert.deepEqual(await receive([INDEX], { holdMs: HOLD_MS, interrupted: Promise.resolve() }), [])
    })

    it('shows a delayed hint at its time and not before', async (t) => {
      const { send, receive, advance } = await scene(t)
      await send(INDEX, 'ca-1', 5_000)
      await advance(4_000)
      assert.deepEqual(await receive([INDEX]), [])
      const waiting = receive([INDEX], { holdMs: HOLD_MS })
      await advance(1_000)
      assert.deepEqual(callsOf(await waiting), ['ca-1'])
    })

    it('gives a returned hint to another container, and a dropped one to nobody', async (t) => {
      const { queue, send, receive } = await scene(t)
      await send(INDEX, 'ca-1')
      await send(INDEX, 'ca-2')
      for (const hint of await receive([INDEX])) {
        await queue.settle(hint, hint.callId === 'ca-1' ? 'return' : 'drop')
      }
      assert.deepEqual(callsOf(await receive([INDEX])), ['ca-1'])
    })
  })
}

/** Waits where the queue says, as a container does. */
async function receiveFrom(
  queue: CallQueue,
  request: Omit<Parameters<CallQueue['receive']>[0], 'wake'>,
): Promise<Hint[]> {
  const { hints, waitAt } = await queue.receive({ ...request, wake: undefined })
  if (!waitAt) return hints
  const wake = await (await fetch(waitAt)).text()
  return (await queue.receive({ ...request, wake })).hints
}

const callsOf = (hints: Hint[]): string[] => hints.map((hint) => hint.callId)
