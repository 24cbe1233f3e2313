import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import type { AutoscalerPatch } from '../../protocol/autoscaler.ts'
import { begin, KEY, live, PAGE } from './store-records.ts'

const entry = (id: string): AuditEntry => ({
  ...KEY,
  id: `au-${id}`,
  at: 1,
  action: 'autoscaler.changed',
  by: 'ann',
  function: 'work',
})

/** What every store promises of overrides of the autoscaler. */
export function autoscalerStoreContract(makeStore: () => Promise<Store>): void {
  const overrides = async (store: Store) => (await store.app(KEY))?.autoscaler
  const change = (store: Store, name: string, patch: AutoscalerPatch, entry?: AuditEntry) =>
    store.changeAutoscaler(KEY, { function: name, patch, live: 1 }, entry)

  test('overrides are merged field by field, are recorded, and go where they are given back', async () => {
    const store = await makeStore()
    await live(store)
    const one = await change(store, 'work', { minContainers: 2, maxContainers: 5 }, entry('1'))
    assert.deepEqual(one?.autoscaler, { work: { minContainers: 2, maxContainers: 5 } })
    await change(store, 'page', { scaledownWindow: 90 }, entry('2'))
    await change(store, 'work', { minContainers: null, bufferContainers: 1 })
    assert.deepEqual(await overrides(store), {
      work: { maxContainers: 5, bufferContainers: 1 },
      page: { scaledownWindow: 90 },
    })
    await change(store, 'work', { maxContainers: null, bufferContainers: null })
    const last = await change(store, 'page', { scaledownWindow: null })
    assert.deepEqual([last?.autoscaler, await overrides(store)], [undefined, undefined])
    const { items } = await store.auditEntries('main', 'shop', PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['au-2', 'au-1'],
    )
    const absent = await store.changeAutoscaler(
      { ...KEY, app: 'none' },
      { function: 'work', patch: { minContainers: 1 }, live: 1 },
      entry('3'),
    )
    assert.deepEqual([absent, (await store.auditEntries('main', 'none', PAGE)).items], [undefined, []])
  })

  test('changes of one function that are made at the same time all hold', async () => {
    const store = await makeStore()
    await live(store)
    await Promise.all([
      change(store, 'work', { minContainers: 1 }),
      change(store, 'work', { maxContainers: 3 }),
      change(store, 'work', { bufferContainers: 2 }),
    ])
    assert.deepEqual(await overrides(store), {
      work: { minContainers: 1, maxContainers: 3, bufferContainers: 2 },
    })
  })

  test('a change of what is not live any more changes nothing, and is not recorded', async () => {
    const store = await makeStore()
    await live(store)
    await change(store, 'work', { maxContainers: 5 })
    await begin(store)
    await store.cutOver(KEY, 2, 2)
    assert.equal(await change(store, 'work', { maxContainers: 7 }, entry('late')), undefined)
    await store.beginStop(KEY, { at: 5, deadline: 9, by: 'ann', reason: undefined })
    const stopped = { function: 'work', patch: { maxContainers: 7 }, live: 2 }
    assert.equal(await store.changeAutoscaler(KEY, stopped, entry('later')), undefined)
    assert.deepEqual(await overrides(store), { work: { maxContainers: 5 } })
    assert.deepEqual((await store.auditEntries('main', 'shop', PAGE)).items, [])
  })

  test('overrides outlive a deploy, less those that it ends, as it goes live and not before', async () => {
    const store = await makeStore()
    await live(store)
    await change(store, 'work', { minContainers: 2, maxContainers: 5 })
    await change(store, 'page', { minContainers: 1 })
    await begin(store)
    const all = { work: { minContainers: 2, maxContainers: 5 }, page: { minContainers: 1 } }
    assert.deepEqual(await overrides(store), all)
    await store.cutOver(KEY, 2, 2)
    assert.deepEqual(await overrides(store), all)
    await begin(store)
    await store.cutOver(KEY, 3, 3, undefined, { endings: { work: ['minContainers'] } })
    assert.deepEqual(
      await overrides(store),
      { work: { maxContainers: 5 } },
      'a function that is gone has none',
    )
    await begin(store)
    await store.cutOver(KEY, 4, 4, undefined, { endings: { work: ['maxContainers'] } })
    assert.equal(await overrides(store), undefined)
  })

  test('what is made under the name of an app that was collected has none of its overrides', async () => {
    const store = await makeStore()
    await live(store)
    await change(store, 'work', { maxContainers: 5 })
    await store.beginStop(KEY, { at: 5, deadline: 9, by: 'ann', reason: undefined })
    await store.finishStop(KEY)
    await store.markCollected(KEY, 5, 6, { ...entry('gone'), action: 'app.collected' })
    await begin(store)
    assert.equal(await overrides(store), undefined)
  })

  test('overrides are kept while an app is stopped', async () => {
    const store = await makeStore()
    await live(store)
    await change(store, 'work', { maxContainers: 5 })
    await store.beginStop(KEY, { at: 5, deadline: 9, by: 'ann', reason: undefined })
    await store.finishStop(KEY)
    await begin(store)
    assert.deepEqual(await overrides(store), { work: { maxContainers: 5 } })
  })
}
