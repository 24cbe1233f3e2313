import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { cancel } from '../../control/calls.ts'
import type { Topic } from '../../control/event-ports.ts'
import { heartbeat } from '../../control/runtime.ts'
import type { AppKey } from '../../protocol/app-key.ts'
import { call, container, live } from '../contract/store-records.ts'
import { install } from '../lambdas/installation.ts'

const OVERRUN_MS = 300_000
/** What is written down of a container whose function has two minutes, and one to start. */
const CALL_SECONDS = 180
/** Longer than any test. */
const FOR_EVER_MS = 3_600_000
const LIMIT = { timeout: 30_000 }
const LONGEST_MS = CALL_SECONDS * 1_000 + OVERRUN_MS

/** A container of an installation of its own that has claimed a call for so long. */
async function hold(t: TestContext, ms: number) {
  const { ports, close } = await install()
  t.after(close)
  const { store } = ports
  await live(store)
  const claimedAt = ports.clock.now()
  await store.reserveContainer({ ...container('co'), callSeconds: CALL_SECONDS }, { expect: 0, max: 1 })
  await store.containerReady('co', undefined, claimedAt)
  await store.acceptCall({ ...call('ca', 1), createdAt: claimedAt })
  const taker = (await store.container('co')) ?? assert.fail()
  assert.ok(await store.claimCall('ca', taker, 'le', claimedAt))
  const clock = { now: () => claimedAt + ms }
  const asked = {
    ...ports,
    holdMs: 0,
    overrunMs: OVERRUN_MS,
    listeningSince: Number.NEGATIVE_INFINITY,
    clock,
  }
  const now = async () => {
    const { status, error } = (await store.call('ca')) ?? assert.fail()
    return { status, error: error?.name, state: (await store.container('co'))?.state }
  }
  return { ports: asked, now }
}

const saying = (...running: string[]) => ({ running, requests: 0, draining: false })

/** What becomes of the call once the container says, or does not say, that it works on it. */
async function held(t: TestContext, ms: number, says: 'works' | 'nothing', listeningFor = ms) {
  const { ports, now } = await hold(t, ms)
  const listeningSince = ports.clock.now() - listeningFor
  const body = says === 'works' ? saying('le') : saying()
  const answer = await heartbeat({ ...ports, listeningSince }, 'co', body)
  return { answer, ...(await now()) }
}

test('a call that its container never ends, though it lives, ends by the control plane, and the container has to go', async (t) => {
  const { answer, ...seen } = await held(t, LONGEST_MS, 'works')
  assert.deepEqual(seen, { status: 'timed_out', error: 'TimeoutError', state: 'draining' })
  assert.deepEqual([answer.directive, answer.revoked], ['exit', ['le']])
})

test('whoever dies while such a call ends leaves a container that takes nothing new, and a call that ends the next time', async (t) => {
  const { ports, now } = await hold(t, LONGEST_MS)
  const seenTo: AppKey[] = []
  const worklist = { add: async (key: AppKey) => void seenTo.push(key) }
  const store = { ...ports.store, finishCall: () => Promise.reject(new Error('it died')) }
  await assert.rejects(heartbeat({ ...ports, store, worklist }, 'co', saying('le')), /it died/)
  assert.deepEqual(await now(), { status: 'running', error: undefined, state: 'draining' })
  assert.equal(seenTo.length, 1)
  await heartbeat(ports, 'co', saying('le'))
  assert.equal((await now()).status, 'timed_out')
})

test('what its container may still be about to tell of is left to it', async (t) => {
  const { answer, status, state } = await held(t, LONGEST_MS - 1, 'works')
  assert.deepEqual([status, answer.directive, answer.revoked, state], ['running', 'work', [], 'ready'])
})

test('a call that its container does not know of after a quarter of a minute runs again', async (t) => {
  const [before, after] = [await held(t, 14_999, 'nothing'), await held(t, 15_000, 'nothing')]
  assert.deepEqual([before.status, after.status], ['running', 'pending'])
})

test('a clock that was set forward a moment ago does not have a call taken away that is on its way', async (t) => {
  const [before, after] = [await held(t, 30_000, 'nothing', 14_999), await held(t, 30_000, 'nothing', 15_000)]
  assert.deepEqual([before.status, after.status], ['running', 'pending'])
})

test('a container whose heartbeat is held hears at once of a call that is cancelled', LIMIT, async (t) => {
  const { ports } = await hold(t, 0)
  const isHeld = Promise.withResolvers<void>()
  const events = {
    publish: ports.events.publish.bind(ports.events),
    subscribe: (topics: Topic[]) => {
      const word = ports.events.subscribe(topics)
      const next = (ms: number) => {
        isHeld.resolve()
        return word.next(ms)
      }
      return { next, close: () => word.close() }
    },
  }
  const answer = heartbeat(
    { ...ports, events, holdMs: FOR_EVER_MS, heartbeatMs: FOR_EVER_MS },
    'co',
    saying('le'),
  )
  await isHeld.promise
  await cancel(ports, 'ca')
  assert.deepEqual((await answer).revoked, ['le'])
})
