import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { begin, draft, KEY, live, PAGE, ready } from './store-records.ts'

const ALL_FIRINGS = { since: 0, limit: 10 }

const MINUTE = 60_000
const STOP = { at: 5, deadline: 6, by: 'ann', reason: undefined }

const entry = (id: string, fields: Pick<AuditEntry, 'action'> & Partial<AuditEntry>): AuditEntry => ({
  ...KEY,
  id,
  at: 9,
  by: 'sluice',
  ...fields,
})
const gone = (id: string, version: number) => entry(id, { action: 'version.collected', version })
const collected = (id: string) => entry(id, { action: 'app.collected' })

async function stopped(store: Store): Promise<void> {
  await live(store)
  await store.beginStop(KEY, STOP)
  await store.finishStop(KEY)
}

/** What every store promises of versions and apps that go, and of contents that are to. */
export function collectionStoreContract(makeStore: () => Promise<Store>): void {
  test('a version that has ended is forgotten, and that is on record; one that is live or on its way stays', async () => {
    const store = await makeStore()
    await live(store)
    await live(store)
    const { version: rolling } = await begin(store)
    assert.deepEqual(
      [
        await store.removeVersion(KEY, 1, gone('au-1', 1)),
        await store.removeVersion(KEY, 2, gone('au-2', 2)),
        await store.removeVersion(KEY, rolling, gone('au-3', rolling)),
        await store.removeVersion(KEY, 1, gone('au-4', 1)),
      ],
      [true, false, false, false],
    )
    const { items } = await store.versions(KEY, PAGE)
    assert.deepEqual(
      items.map(({ version }) => version),
      [3, 2],
    )
    const entries = await store.auditEntries('main', 'shop', PAGE)
    assert.deepEqual(
      entries.items.filter(({ action }) => action === 'version.collected').map(({ id }) => id),
      ['au-1'],
    )
  })

  test('a collected app is on no list, and the next deploy of its name goes on with its numbers', async () => {
    const store = await makeStore()
    await stopped(store)
    await store.pauseSchedule(KEY, 'work', { at: 3, by: 'ann', reason: undefined }, collected('au-4'))
    await store.recordFiring({ ...KEY, function: 'work', slot: 2, at: 3, outcome: 'fired', forgetAt: 4e12 })
    assert.equal(await store.markCollected(KEY, STOP.at, 7, collected('au-5')), true)
    assert.deepEqual((await store.apps('main', PAGE)).items, [])
    await store.forgetApp(KEY)
    assert.deepEqual((await store.versions(KEY, PAGE)).items, [])
    assert.deepEqual([await store.schedules(KEY), await store.firings(KEY, 'work', ALL_FIRINGS)], [[], []])
    assert.equal((await store.app(KEY))?.collectAt, undefined)

    const { version } = await begin(store, { ...draft(), deployedAt: 8 })
    const app = await store.app(KEY)
    assert.deepEqual([version, app?.createdAt, app?.collectedAt], [2, 8, undefined])
    assert.equal((await store.apps('main', PAGE)).items.length, 1)
  })

  test('an app that was started again since is not collected', async () => {
    const store = await makeStore()
    await stopped(store)
    await begin(store)
    assert.equal(await store.markCollected(KEY, STOP.at, 7, collected('au-6')), false)
    assert.equal((await store.app(KEY))?.collectedAt, undefined)
  })

  test('whoever comes late to forget an app leaves alone what was deployed since', async () => {
    const store = await makeStore()
    await stopped(store)
    await store.markCollected(KEY, STOP.at, 7, collected('au-7'))
    await live(store)
    await ready(store, 'co-1', 2)
    await store.forgetApp(KEY)
    assert.equal((await store.version(KEY, 2))?.status, 'live')
    const another = { ...(await store.containers(KEY))[0], id: 'co-2', state: 'starting' as const }
    assert.equal(
      await store.reserveContainer(another as Parameters<Store['reserveContainer']>[0], {
        expect: 1,
        max: 1,
      }),
      false,
    )
  })

  test('a time to look again is noted only by whoever has seen the last one', async () => {
    const store = await makeStore()
    await live(store)
    const app = (await store.app(KEY)) ?? assert.fail()
    assert.ok(app.collectAt !== undefined)
    await store.collectLater(app, 100)
    await store.collectLater(app, 200)
    assert.equal((await store.app(KEY))?.collectAt, 100)
  })

  test('a condemned content that somebody asks for is not removed', async () => {
    const store = await makeStore()
    await store.condemn(['a', 'b', 'c'], 10)
    await store.condemn(['d'], 11)
    assert.equal(await store.reprieve(['b', 'x'], 12), true)
    assert.deepEqual((await store.beginRemoval(10, 13, 13 + MINUTE))?.sort(), ['a', 'c'])
  })

  test('while contents are being removed, nobody is told that they are there, and nobody else removes them', async () => {
    const store = await makeStore()
    await store.condemn(['a'], 10)
    await store.beginRemoval(10, 13, 13 + MINUTE)
    assert.equal(await store.reprieve(['a'], 14), false)
    assert.equal(await store.beginRemoval(10, 14, 14 + MINUTE), undefined)

    // Whoever removed them has died.
    assert.equal(await store.reprieve(['a'], 13 + MINUTE), true)
    assert.deepEqual((await store.beginRemoval(10, 14 + MINUTE, 15 + MINUTE)) ?? [], [])
    await store.endRemoval(10)
    assert.equal(await store.condemned(), undefined)
    assert.equal(await store.reprieve(['a'], 16), true)
    assert.equal(await store.beginRemoval(10, 17, 18), undefined)
  })
}
