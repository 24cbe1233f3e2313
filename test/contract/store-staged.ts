import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../control/store-port.ts'
import { begin, call, container, draft, KEY, live, ready } from './store-records.ts'

const STAGED = { ...draft(), staged: true } as const
const LABEL = new Map([['shop-page--v2', 'page']])

/** What every store promises of versions that are staged. */
export function stagedStoreContract(makeStore: () => Promise<Store>): void {
  test('a staged version gets the next number, and nothing of what is live changes', async () => {
    const store = await makeStore()
    await live(store)
    const { version, status } = await begin(store, STAGED)
    assert.deepEqual([version, status], [2, 'staged'])
    assert.deepEqual(await store.rollingVersions(KEY), [])
    assert.equal(await store.cutOver(KEY, 2, 2), false, 'it goes live as another version only')
    const { liveVersion, lastVersion, staged, stagings } = (await store.app(KEY)) ?? assert.fail()
    assert.deepEqual(
      { liveVersion, lastVersion, staged, stagings },
      { liveVersion: 1, lastVersion: 2, staged: [2], stagings: 1 },
    )
    assert.equal((await begin(store, STAGED)).version, 3)
    assert.equal((await begin(store)).version, 4)
    assert.equal(await store.cutOver(KEY, 4, 4), true)
    assert.deepEqual((await store.app(KEY))?.staged, [2, 3], 'a cutover ends none')
  })

  test('a staged version ends once, and what follows it is settled anew', async () => {
    const store = await makeStore()
    await live(store)
    await store.beginVersion(STAGED, LABEL, 1)
    await store.settle(KEY, { version: 1, stagings: 0 }, [])
    assert.equal(
      (await store.label('shop-page--v2'))?.function,
      'page',
      'who settles late knows nothing of it',
    )
    await store.settle(KEY, { version: 1, stagings: 1 }, ['shop-page--v2'])
    assert.equal(await store.endRollout(KEY, 2, { status: 'superseded' }), true)
    assert.equal(await store.endRollout(KEY, 2, { status: 'superseded' }), false)
    assert.equal((await store.version(KEY, 2))?.status, 'superseded')
    const { staged, stagings, settledVersion } = (await store.app(KEY)) ?? assert.fail()
    assert.deepEqual([staged, stagings, settledVersion], [undefined, 2, undefined])
    await store.settle(KEY, { version: 1, stagings: 2 }, [])
    assert.equal(await store.label('shop-page--v2'), undefined)
  })

  test('an app of which nothing was ever live keeps its addresses until the last staged version has ended', async () => {
    const store = await makeStore()
    await store.beginVersion(STAGED, new Map([['shop-page--v1', 'page']]))
    await begin(store)
    await store.endRollout(KEY, 2, { status: 'failed' })
    assert.equal((await store.label('shop-page--v1'))?.function, 'page')
    await store.endRollout(KEY, 1, { status: 'superseded' })
    assert.equal(await store.label('shop-page--v1'), undefined)
  })

  test('a stop ends all that is staged, however much that is', async () => {
    const store = await makeStore()
    await live(store)
    for (let n = 0; n < 9; n++) await begin(store, STAGED)
    const app = await store.beginStop(KEY, { at: 1, deadline: 2, by: 'ann', reason: undefined })
    assert.deepEqual([app?.state, app?.staged], ['stopping', undefined])
    assert.ok((app?.stagings ?? 0) > 9)
    const statuses = new Set((await store.versions(KEY, { limit: 20 })).items.map(({ status }) => status))
    assert.deepEqual([...statuses], ['superseded'])
  })

  test('containers that are apart take no place of the others, nor the others theirs', async () => {
    const store = await makeStore()
    const limits = (expect: number) => ({ expect, max: 1 })
    const apart = (id: string) => ({ ...container(id, 2), apart: true as const })
    assert.equal(await store.reserveContainer(container('a'), limits(0)), true)
    assert.equal(await store.reserveContainer(apart('b'), limits(0)), true)
    assert.equal((await store.container('b'))?.apart, true)
    assert.equal(
      await store.reserveContainer(apart('c'), limits(1)),
      false,
      'its version has as many as it may',
    )
    await store.drainContainer('b', { deadline: 1, reason: 'test', at: 1 })
    assert.equal(
      await store.reserveContainer(container('d', 3), limits(0)),
      false,
      'its going frees no place',
    )
    assert.equal(await store.reserveContainer(apart('c'), limits(0)), true)
    await store.drainContainer('a', { deadline: 1, reason: 'test', at: 1 })
    assert.equal(await store.reserveContainer(container('d', 3), limits(0)), true)
  })

  test('only calls that ask for a staged version get there, and they do before anything is live', async () => {
    const store = await makeStore()
    await begin(store, STAGED)
    const pinned = { ...call('p', 0), pin: 1 }
    assert.equal((await store.acceptCall(pinned)).kind, 'accepted')
    assert.equal((await store.acceptCall({ ...call('q', 1), pin: 1 })).kind, 'moved')
    const by = await ready(store, 'a', 1)
    assert.equal((await store.claimCall('p', by, 'l', 10))?.version, 1)
    await begin(store)
    await store.cutOver(KEY, 2, 2)
    await store.acceptCall(call('c', 2))
    assert.equal(await store.claimCall('c', by, 'm', 10), undefined)
  })

  test('requests that wait for a staged version are told from those that wait for the live one', async () => {
    const store = await makeStore()
    await store.setWaiting({ ...KEY, function: 'page' }, 3)
    await store.setWaiting({ ...KEY, function: 'page', pin: 2 }, 1)
    const demand = (await store.demand(KEY, 100)).sort((a, b) => (a.pin ?? 0) - (b.pin ?? 0))
    assert.deepEqual(
      demand.map(({ pin, waiting }) => [pin, waiting]),
      [
        [undefined, 3],
        [2, 1],
      ],
    )
    await store.setWaiting({ ...KEY, function: 'page', pin: 2 }, 0)
    assert.deepEqual((await store.demand(KEY, 100)).map(({ waiting }) => waiting).filter(Boolean), [3])
  })
}
