import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../control/model.ts'
import { heartbeat } from '../../control/runtime.ts'
import { call, container, live } from '../contract/store-records.ts'
import { install } from '../lambdas/installation.ts'

const OVERRUN_MS = 300_000
/** What is written down of a container whose function has two minutes, and one to start. */
const CALL_SECONDS = 180
const LONGEST_MS = CALL_SECONDS * 1_000 + OVERRUN_MS

/** What becomes of a call that its container has claimed for so long, and says or does not say that it works on. */
async function held(ms: number, says: 'works' | 'nothing', listeningFor = Number.POSITIVE_INFINITY) {
  const { ports, close } = await install()
  const { store } = ports
  await live(store)
  const claimedAt = ports.clock.now()
  await store.reserveContainer({ ...container('co'), callSeconds: CALL_SECONDS }, { expect: 0, max: 1 })
  await store.containerReady('co', undefined, claimedAt)
  await store.acceptCall({ ...call('ca', 1), createdAt: claimedAt })
  const taker = (await store.container('co')) ?? assert.fail()
  assert.ok(await store.claimCall('ca', taker, 'le', claimedAt))
  const clock = { now: () => claimedAt + ms }
  const body = { running: says === 'works' ? ['le'] : [], requests: 0, draining: false }
  const listeningSince = clock.now() - listeningFor
  const asked = { ...ports, holdMs: 0, overrunMs: OVERRUN_MS, listeningSince, clock }
  const answer = await heartbeat(asked, 'co', body)
  const ended: Call | undefined = await store.call('ca')
  const state = (await store.container('co'))?.state
  await close()
  return { answer, call: ended, state }
}

test('a call that its container never ends, though it lives, ends by the control plane, and the container has to go', async () => {
  const { answer, call, state } = await held(LONGEST_MS, 'works')
  assert.deepEqual([call?.status, call?.error?.name], ['timed_out', 'TimeoutError'])
  assert.deepEqual([answer.directive, answer.revoked, state], ['exit', ['le'], 'draining'])
})

test('what its container may still be about to tell of is left to it', async () => {
  const { answer, call, state } = await held(LONGEST_MS - 1, 'works')
  assert.deepEqual([call?.status, answer.directive, answer.revoked, state], ['running', 'work', [], 'ready'])
})

test('a call that its container does not know of after a quarter of a minute runs again', async () => {
  const [before, after] = [await held(14_999, 'nothing'), await held(15_000, 'nothing')]
  assert.deepEqual([before.call?.status, after.call?.status], ['running', 'pending'])
})

test('a clock that was set forward a moment ago does not have a call taken away that is on its way', async () => {
  const [before, after] = [await held(30_000, 'nothing', 14_999), await held(30_000, 'nothing', 15_000)]
  assert.deepEqual([before.call?.status, after.call?.status], ['running', 'pending'])
})
