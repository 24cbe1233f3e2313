import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CallDraft, Container, Version, VersionDraft } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'

const KEY = { env: 'main', app: 'shop' }
const PAGE = { limit: 10 }

/** What every implementation of the port `Store` promises. */
export function storeContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps the store's promises`, () => {
    test('fifty deploys at the same time get the numbers 1 to 50, each once', async () => {
      const store = await makeStore()
      const begun = await Promise.all(Array.from({ length: 50 }, () => begin(store)))
      const numbers = begun.map(({ version }) => version).sort((a, b) => a - b)
      assert.deepEqual(
        numbers,
        Array.from({ length: 50 }, (_, i) => i + 1),
      )
      assert.equal((await store.app(KEY))?.lastVersion, 50)
    })

    test('a deploy that expected another last version changes nothing', async () => {
      const store = await makeStore()
      await begin(store)
      const refused = await store.beginVersion(draft(), new Map(), 0)
      assert.deepEqual(refused, { kind: 'conflict', lastVersion: 1 })
      assert.equal((await store.app(KEY))?.lastVersion, 1)
    })

    test('a label belongs to one app, and a deploy that claims another one’s claims none at all', async () => {
      const store = await makeStore()
      await store.beginVersion(draft(), new Map([['shop-page', 'page']]))
      const other = { ...draft(), app: 'rival' }
      const refused = await store.beginVersion(
        other,
        new Map([
          ['rival', 'page'],
          ['shop-page', 'page'],
        ]),
      )
      assert.deepEqual(refused, {
        kind: 'label_taken',
        label: 'shop-page',
        owner: { ...KEY, function: 'page' },
      })
      assert.equal(await store.label('rival'), undefined)
      assert.equal(await store.app({ env: 'main', app: 'rival' }), undefined)
    })

    test('what settles late takes no label from a version that came later, on its way or live', async () => {
      const store = await makeStore()
      await live(store)
      await store.beginVersion(draft(), new Map([['new', 'page']]))
      await store.settle(KEY, 1, [])
      assert.equal((await store.label('new'))?.function, 'page')
      await store.cutOver(KEY, 2, 2)
      await store.settle(KEY, 1, [])
      assert.equal((await store.label('new'))?.function, 'page')
      await store.settle(KEY, 2, [])
      assert.equal(await store.label('new'), undefined)
    })

    test('an app that never went live keeps no label', async () => {
      const store = await makeStore()
      for (const _ of [1, 2]) await store.beginVersion(draft(), new Map([['shop-page', 'page']]))
      await store.endRollout(KEY, 1, { status: 'superseded' })
      assert.equal((await store.label('shop-page'))?.function, 'page', 'v2 is on its way')
      await store.endRollout(KEY, 2, { status: 'failed' })
      assert.equal(await store.label('shop-page'), undefined)
    })

    test('cutting over makes the version live and the one before superseded', async () => {
      const store = await makeStore()
      await live(store)
      await live(store)
      const { items } = await store.versions(KEY, PAGE)
      assert.deepEqual(
        items.map(({ version, status }) => [version, status]),
        [
          [2, 'live'],
          [1, 'superseded'],
        ],
      )
      assert.equal((await store.app(KEY))?.liveVersion, 2)
    })

    test('an older version that is ready late does not replace a newer one', async () => {
      const store = await makeStore()
      await begin(store)
      await begin(store)
      assert.equal(await store.cutOver(KEY, 2, 1), true)
      assert.equal(await store.cutOver(KEY, 1, 2), false)
      assert.equal((await store.app(KEY))?.liveVersion, 2)
    })

    test('a rollout that has ended cannot go live, nor end in another way', async () => {
      const store = await makeStore()
      await begin(store)
      const error = { code: 'crashed', message: 'It crashed.', logs: ['last words'] }
      assert.equal(await store.endRollout(KEY, 1, { status: 'failed', error }), true)
      assert.equal(await store.endRollout(KEY, 1, { status: 'superseded' }), false)
      assert.equal(await store.cutOver(KEY, 1, 1), false)
      assert.deepEqual((await store.version(KEY, 1))?.error, error)
    })

    test('a version is read as it was written', async () => {
      const store = await makeStore()
      const written = { ...draft(), tag: 'blue', reason: 'why not', commit: { hash: 'abc', dirty: true } }
      await store.beginVersion(written, new Map())
      const expected: Version = { ...written, version: 1, status: 'rolling', steps: [] }
      assert.deepEqual(await store.version(KEY, 1), expected)
    })

    test('history comes newest first, in pages', async () => {
      const store = await makeStore()
      for (let i = 0; i < 5; i++) await begin(store)
      const first = await store.versions(KEY, { limit: 2 })
      const second = await store.versions(KEY, { limit: 2, cursor: first.cursor })
      const third = await store.versions(KEY, { limit: 2, cursor: second.cursor })
      const numbers = [first, second, third].map(({ items }) => items.map(({ version }) => version))
      assert.deepEqual(numbers, [[5, 4], [3, 2], [1]])
      assert.equal(third.cursor, undefined)
    })

    test('a stop takes the live and the rolling version out of service, once; a deploy brings the app back', async () => {
      const store = await makeStore()
      await live(store)
      await begin(store)
      const stop = { at: 5, deadline: 9, by: 'ann', reason: 'done' }
      const stopping = await store.beginStop(KEY, stop)
      assert.equal(stopping?.state, 'stopping')
      assert.equal(stopping?.liveVersion, undefined)
      assert.equal(await store.cutOver(KEY, 2, 6), false)
      assert.equal((await store.beginStop(KEY, { ...stop, at: 7 }))?.stoppedAt, 5)
      await store.finishStop(KEY)
      assert.equal((await store.app(KEY))?.state, 'stopped')
      assert.equal((await begin(store)).version, 3)
      assert.equal((await store.app(KEY))?.state, 'deployed')
    })

    test('a control plane that starts is told of every app that wants something of it', async () => {
      const store = await makeStore()
      await live(store)
      await store.settle(KEY, 1, [])
      assert.deepEqual(await store.unsettledApps(), [KEY], 'a web function wants its address')
      const idle = { ...KEY, app: 'idle' }
      await live(store, { ...draft({ work: { kind: 'plain' } }), ...idle })
      await store.settle(idle, 1, [])
      assert.deepEqual(
        await store.unsettledApps(),
        [KEY],
        'nothing is wanted for a function that is scaled to zero',
      )
      const warm = { ...KEY, app: 'warm' }
      await live(store, { ...draft({ work: { kind: 'plain', minContainers: 1 } }), ...warm })
      await store.settle(warm, 1, [])
      assert.deepEqual(await store.unsettledApps(), [KEY, warm], 'a warm pool wants its containers')
    })

    test('however many ask at once, no more containers are reserved than are allowed', async () => {
      const store = await makeStore()
      const ask = (id: string, expect: number) => store.reserveContainer(container(id), { expect, max: 2 })
      const together = await Promise.all([ask('a', 0), ask('b', 0), ask('c', 0)])
      assert.equal(together.filter(Boolean).length, 1, 'each expected to be the first')
      assert.equal(await ask('d', 1), true)
      assert.equal(await ask('e', 2), false)
      await store.drainContainer('d', { deadline: 1, reason: 'test' })
      assert.equal(await ask('f', 1), true, 'a draining container takes no place')
    })

    test('a container that has stopped stays stopped, and whoever sees it first is told so', async () => {
      const store = await makeStore()
      await ready(store, 'a', 1)
      assert.equal(await store.containerStopped('a', 'exited', 2), true)
      assert.equal(await store.containerStopped('a', 'killed', 3), false)
      assert.equal((await store.containerReady('a', undefined, 4))?.state, 'stopped')
      assert.equal((await store.container('a'))?.reason, 'exited')
      assert.deepEqual(await store.containers(KEY), [])
      assert.equal((await store.containers(KEY, { all: true })).length, 1)
    })

    test('of two reasons why a container failed, the first stays', async () => {
      const store = await makeStore()
      await ready(store, 'a', 1)
      await store.containerFailed('a', { kind: 'crash', message: 'first', logs: [] })
      await store.containerFailed('a', { kind: 'crash', message: 'second', logs: [] })
      await store.containerStopped('a', 'exited', 2)
      const [failed] = await store.failedContainers(KEY, 1)
      assert.equal(failed?.failure?.message, 'first')
    })

    test('a container that runs a call is not idle, whatever it reports, and is once it has ended it', async () => {
      const store = await makeStore()
      await live(store)
      const by = await ready(store, 'a', 1)
      await store.acceptCall(call('c', 1))
      await store.claimCall('c', by, 'lease', 10)
      assert.equal((await store.containerSeen('a', 0, 11))?.idleSince, undefined)
      await store.finishCall('c', 'lease', { status: 'succeeded', at: 12 })
      assert.equal((await store.containerSeen('a', 0, 13))?.idleSince, 12)
      assert.equal((await store.containerSeen('a', 1, 14))?.idleSince, undefined)
    })

    test('a call is accepted only for the version that is live', async () => {
      const store = await makeStore()
      assert.equal((await store.acceptCall(call('a', 1))).kind, 'moved')
      await live(store)
      await live(store)
      assert.equal((await store.acceptCall(call('a', 1))).kind, 'moved')
      assert.equal((await store.acceptCall(call('a', 2))).kind, 'accepted')
      await store.beginStop(KEY, { at: 1, deadline: 1, by: 'ann', reason: undefined })
      assert.equal((await store.acceptCall(call('b', 2))).kind, 'moved')
    })

    test('one idempotency key makes one call, also when asked at the same time', async () => {
      const store = await makeStore()
      await live(store)
      const asked = ['a', 'b', 'c'].map((id) => store.acceptCall({ ...call(id, 1), idempotencyKey: 'k' }))
      const kinds = (await Promise.all(asked)).map(({ kind }) => kind).sort()
      assert.deepEqual(kinds, ['accepted', 'duplicate', 'duplicate'])
      assert.equal((await store.calls(KEY, {}, PAGE)).items.length, 1)
    })

    test('a call is found by its idempotency key, also when its app is stopped', async () => {
      const store = await makeStore()
      await live(store)
      await store.acceptCall({ ...call('a', 1), idempotencyKey: 'k' })
      await store.beginStop(KEY, { at: 1, deadline: 1, by: 'ann', reason: undefined })
      assert.equal((await store.callByKey(KEY, 'k'))?.id, 'a')
      assert.equal(await store.callByKey({ ...KEY, app: 'rival' }, 'k'), undefined)
    })

    test('of many containers that claim a call, one gets it', async () => {
      const store = await makeStore()
      await live(store)
      await store.acceptCall(call('a', 1))
      const containers: Container[] = []
      for (const id of ['x', 'y', 'z']) containers.push(await ready(store, id, 1))
      const claims = await Promise.all(containers.map((by) => store.claimCall('a', by, `lease-${by.id}`, 10)))
      assert.equal(claims.filter((claim) => claim !== undefined).length, 1)
    })

    test('an outdated container claims nothing but what is pinned to its version', async () => {
      const store = await makeStore()
      await live(store)
      const old = await ready(store, 'old', 1)
      await store.acceptCall(call('accepted-before', 1))
      await live(store)
      await store.acceptCall(call('accepted-after', 2))
      await store.acceptCall({ ...call('pinned', 2), pin: 1 })
      assert.equal(await store.claimCall('accepted-before', old, 'l1', 10), undefined)
      assert.equal(await store.claimCall('accepted-after', old, 'l2', 10), undefined)
      assert.equal((await store.claimCall('pinned', old, 'l3', 10))?.version, 1)
      const current = await ready(store, 'new', 2)
      assert.equal((await store.claimCall('accepted-before', current, 'l4', 10))?.version, 2)
    })

    test('a container that drains claims nothing', async () => {
      const store = await makeStore()
      await live(store)
      const draining = await ready(store, 'a', 1)
      await store.acceptCall(call('c', 1))
      await store.drainContainer('a', { deadline: 1, reason: 'test' })
      assert.equal(await store.claimCall('c', draining, 'lease', 10), undefined)
    })

    test('an outcome counts under the lease that holds, once', async () => {
      const store = await makeStore()
      await live(store)
      const by = await ready(store, 'a', 1)
      await store.acceptCall(call('c', 1))
      await store.claimCall('c', by, 'first', 10)
      const error = { name: 'Lost', message: 'The container died.' }
      assert.equal(
        await store.releaseCall('c', 'first', { availableAt: 20, failed: false, error, at: 11 }),
        true,
      )
      assert.equal(await store.claimCall('c', by, 'early', 19), undefined, 'it is not due yet')
      await store.claimCall('c', by, 'second', 20)
      const end = { status: 'succeeded', result: { json: '1' }, at: 21 } as const
      assert.equal(await store.finishCall('c', 'first', end), false, 'that lease is lost')
      assert.equal(await store.finishCall('c', 'second', end), true)
      assert.equal(
        await store.finishCall('c', 'second', { ...end, result: { json: '2' } }),
        false,
        'it has ended',
      )
      const ended = await store.call('c')
      assert.deepEqual(
        [ended?.status, ended?.result, ended?.attempts, ended?.failures],
        ['succeeded', { json: '1' }, 2, 0],
      )
    })

    test('a cancelled call takes no outcome, and one that has ended is not cancelled', async () => {
      const store = await makeStore()
      await live(store)
      const by = await ready(store, 'a', 1)
      await store.acceptCall(call('c', 1))
      await store.claimCall('c', by, 'lease', 10)
      const error = { name: 'Cancelled', message: 'Enough.' }
      assert.equal((await store.cancelCall('c', 11, error))?.status, 'running')
      assert.equal(await store.finishCall('c', 'lease', { status: 'succeeded', at: 12 }), false)
      assert.equal((await store.cancelCall('c', 13, error))?.status, 'cancelled')
      assert.equal((await store.call('c'))?.endedAt, 11)
    })

    test('demand tells what waits, what runs and what comes later, by function and pin', async () => {
      const store = await makeStore()
      await live(store)
      const by = await ready(store, 'a', 1)
      for (const id of ['c1', 'c2', 'c3']) await store.acceptCall(call(id, 1))
      await store.acceptCall({ ...call('p', 1), pin: 1 })
      await store.claimCall('c1', by, 'l1', 10)
      await store.claimCall('c2', by, 'l2', 10)
      const again = { availableAt: 500, failed: true, error: { name: 'E', message: '' }, at: 11 }
      await store.releaseCall('c2', 'l2', again)
      await store.setWaiting(KEY, 'page', 3)
      const demand = await store.demand(KEY, 100)
      const byName = demand.sort(
        (a, b) => a.function.localeCompare(b.function) || (a.pin ?? 0) - (b.pin ?? 0),
      )
      assert.deepEqual(byName, [
        { function: 'page', pending: 0, running: 0, waiting: 3 },
        { function: 'work', pending: 1, running: 1, waiting: 0, nextDueAt: 500 },
        { function: 'work', pin: 1, pending: 1, running: 0, waiting: 0 },
      ])
    })

    test('a token is known by its hash alone', async () => {
      const store = await makeStore()
      await store.putToken({ hash: 'h', name: 'ann', createdAt: 1 })
      assert.equal((await store.token('h'))?.name, 'ann')
      assert.equal(await store.token('ann'), undefined)
    })
  })
}

function draft(
  functions: Record<string, FunctionSpecInput> = { work: { kind: 'plain' }, page: { kind: 'web' } },
): VersionDraft {
  const manifest = Manifest.parse({
    app: KEY.app,
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions,
  })
  return {
    ...KEY,
    origin: 'deploy',
    strategy: 'rolling',
    client: 'test',
    deployedBy: 'ann',
    deployedAt: 1,
    manifest,
    manifestHash: 'hash',
  }
}

async function begin(store: Store, of = draft()): Promise<Version> {
  const begun = await store.beginVersion(of, new Map())
  assert.equal(begun.kind, 'begun')
  return begun.kind === 'begun' ? begun.version : assert.fail()
}

async function live(store: Store, of = draft()): Promise<void> {
  const { version } = await begin(store, of)
  assert.equal(await store.cutOver(of, version, version), true)
}

function container(id: string, version = 1): Container {
  return {
    ...KEY,
    id,
    function: 'work',
    version,
    state: 'starting',
    running: 0,
    requests: 0,
    launched: false,
    startedAt: 1,
    seenAt: 1,
  }
}

let order = 0

async function ready(store: Store, id: string, version: number): Promise<Container> {
  const active = (await store.containers(KEY)).filter(
    (other) => other.version === version && other.state !== 'draining',
  )
  assert.equal(
    await store.reserveContainer(container(id, version), { expect: active.length, max: 100 }),
    true,
  )
  return (await store.containerReady(id, undefined, ++order)) ?? assert.fail()
}

function call(id: string, acceptedVersion: number): CallDraft {
  return {
    ...KEY,
    id,
    function: 'work',
    acceptedVersion,
    source: 'api',
    args: { json: '[]' },
    fingerprint: id,
    createdAt: 1,
  }
}
