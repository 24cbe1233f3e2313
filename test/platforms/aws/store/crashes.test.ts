import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container } from '../../../../control/model.ts'
import type { Store } from '../../../../control/store-port.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { begin, call, container, draft, KEY, live, PAGE } from '../../../contract/store-records.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { WatchedClient } from './watched-client.ts'

const skip = withoutDynamoDb
const ERROR = { name: 'Lost', message: '' }
const RELEASE = { availableAt: 30, failed: false, error: ERROR, at: 30 }
const STOP = { at: 5, deadline: 9, by: 'ann', reason: undefined }

/** An operation that a process may die in, and what whoever sees to it afterwards does. */
interface Step {
  work: (store: Store) => Promise<unknown>
  after: (store: Store) => Promise<unknown>
}

const again = (work: Step['work']): Step => ({ work, after: work })

const STEPS: Record<string, Step> = {
  'a deploy': again((store) => store.beginVersion(draft(), new Map([['page', 'page']]), 2)),
  'a cutover': again((store) => store.cutOver(KEY, 2, 5)),
  'a rollout given up': again((store) => store.endRollout(KEY, 2, { status: 'failed' })),
  'a stop': again((store) => store.beginStop(KEY, STOP)),
  'a call accepted under a key': {
    work: (store) => store.acceptCall({ ...call('k1', 1), idempotencyKey: 'k' }),
    after: acceptUnderKey,
  },
  'a call refused under a key': {
    work: (store) => store.acceptCall({ ...call('k1', 7), idempotencyKey: 'k' }),
    after: acceptUnderKey,
  },
  'a claim': {
    work: async (store) => store.claimCall('c1', await by(store), 'first', 20),
    // Its container does not know of it: what it holds is given back and claimed anew.
    after: async (store) => {
      for (const { id, lease = '' } of await store.runningCalls('a'))
        await store.releaseCall(id, lease, RELEASE)
      assert.ok(await store.claimCall('c1', await by(store), 'second', 40))
    },
  },
  'an outcome': {
    work: (store) => store.finishCall('c0', 'lease', { status: 'succeeded', at: 20 }),
    after: async (store) => {
      await store.finishCall('c0', 'lease', { status: 'succeeded', at: 20 })
      assert.deepEqual(await store.runningCalls('a'), [])
    },
  },
  'a call that comes back': again((store) => store.releaseCall('c0', 'lease', RELEASE)),
  'a cancellation': {
    work: (store) => store.cancelCall('c0', 20, ERROR),
    after: async (store) => {
      await store.cancelCall('c0', 20, ERROR)
      assert.deepEqual(await store.runningCalls('a'), [])
    },
  },
  'a reservation': again((store) => store.reserveContainer(container('b'), { expect: 1, max: 2 })),
  'a drain': again((store) => store.drainContainer('a', { deadline: 1, reason: 'test', at: 1 })),
  'the end of a container': again((store) => store.containerStopped('a', 'exited', 20)),
}

/** Whoever asks under a key that was used before is told of one call, which is there. */
async function acceptUnderKey(store: Store): Promise<void> {
  const accepted = await store.acceptCall({ ...call('k2', 1), idempotencyKey: 'k' })
  const { id } = accepted.kind === 'moved' ? assert.fail() : accepted.call
  const { items } = await store.calls(KEY, {}, PAGE)
  const ofKey = items.filter(({ idempotencyKey }) => idempotencyKey === 'k')
  assert.deepEqual(
    ofKey.map((call) => call.id),
    [id],
  )
}

async function by(store: Store): Promise<Container> {
  return (await store.container('a')) ?? assert.fail()
}

/** v1 is live, v2 on its way; a container of v1 holds one call, and another one waits. */
async function prepare(store: Store): Promise<void> {
  await live(store)
  await begin(store)
  await store.reserveContainer(container('a'), { expect: 0, max: 2 })
  await store.containerReady('a', undefined, 2)
  for (const id of ['c0', 'c1']) await store.acceptCall(call(id, 1))
  assert.ok(await store.claimCall('c0', await by(store), 'lease', 10))
}

async function assertSound(store: Store): Promise<void> {
  const app = (await store.app(KEY)) ?? assert.fail()
  const { items: versions } = await store.versions(KEY, PAGE)
  assert.deepEqual(
    versions.map(({ version }) => version),
    Array.from({ length: app.lastVersion }, (_, i) => app.lastVersion - i),
  )
  const withStatus = (status: string) =>
    versions.filter((version) => version.status === status).map(({ version }) => version)
  assert.deepEqual(withStatus('live'), app.liveVersion === undefined ? [] : [app.liveVersion])
  const rolling = (await store.rollingVersions(KEY)).map(({ version }) => version)
  assert.deepEqual(withStatus('rolling'), rolling.toReversed())

  const { items: calls } = await store.calls(KEY, {}, PAGE)
  const held = (await store.runningCalls('a')).map(({ id }) => id).sort()
  const running = calls.filter(({ status }) => status === 'running').map(({ id }) => id)
  assert.deepEqual(held, running.sort())
  assert.equal((await by(store)).running, held.length)

  const active = (await store.containers(KEY)).filter(
    ({ state }) => state === 'starting' || state === 'ready',
  )
  const next = { expect: active.length, max: active.length + 1 }
  assert.equal(await store.reserveContainer(container('next'), next), true, 'the pool has miscounted')
}

/** Dies at the request of this number, which gets through or does not. @returns false where there is none */
async function diesAt(number: number, getsThrough: boolean, { work, after }: Step): Promise<boolean> {
  await using tables = await DynamoDbTables.create()
  const watched = new WatchedClient()
  const store = makeStore(tables.settings, watched.client)
  await prepare(store)
  let requests = 0
  watched.onRequest = async (_, send) => {
    if (requests++ !== number) return send()
    if (getsThrough) await send()
    throw new Error('died')
  }
  await work(store).catch((error: Error) => assert.equal(error.message, 'died'))
  watched.onRequest = (_, send) => send()
  await after(store)
  await assertSound(store)
  return requests > number
}

for (const [what, step] of Object.entries(STEPS)) {
  test(`all is sound after a crash at any request of ${what}, once it has been tried again`, {
    skip,
  }, async () => {
    for (let number = 0; ; number++) {
      const died = await Promise.all([diesAt(number, false, step), diesAt(number, true, step)])
      if (!died[0]) break
    }
  })
}
