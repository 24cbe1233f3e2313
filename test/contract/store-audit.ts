import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { container, draft, KEY, PAGE } from './store-records.ts'

export function entry(id: string, fields: Partial<AuditEntry> = {}): AuditEntry {
  return { ...KEY, id: `au-${id}`, at: 1_000, action: 'version.begun', by: 'ann', ...fields }
}

/** What every store promises of the record of changes. */
export function auditStoreContract(makeStore: () => Promise<Store>): void {
  test('entries come newest first and in pages: of an app, and of all of its environment', async () => {
    const store = await makeStore()
    const { app: _, ...secret } = entry('3', { action: 'secret.written', subject: 'openai' })
    const entries = [
      entry('1', { version: 1, client: 'cli', reason: 'why not', before: 'v0', after: 'v1' }),
      entry('2', { app: 'rival' }),
      secret,
      entry('4', { function: 'work' }),
      entry('5', { env: 'other' }),
    ]
    for (const one of entries) await store.recordEntry(one)
    const [first, rival, about, last] = entries
    assert.deepEqual(await store.auditEntries('main', 'shop', PAGE), { items: [last, first] })
    assert.deepEqual(await store.auditEntries('main', undefined, PAGE), {
      items: [last, about, rival, first],
    })
    const page = await store.auditEntries('main', undefined, { limit: 3 })
    assert.deepEqual(page.items, [last, about, rival])
    assert.deepEqual(await store.auditEntries('main', undefined, { limit: 3, cursor: page.cursor }), {
      items: [first],
    })
    assert.deepEqual(await store.auditEntries('main', 'nobody', PAGE), { items: [] })
  })

  test('an entry that is recorded again is there once', async () => {
    const store = await makeStore()
    for (const _ of [1, 2]) await store.recordEntry(entry('1'))
    assert.equal((await store.auditEntries('main', 'shop', PAGE)).items.length, 1)
  })

  test('each change is recorded in the step that makes it: once though it is asked for again, and not where it is refused', async () => {
    const store = await makeStore()
    const stop = { at: 5, deadline: 9, by: 'ann', reason: undefined }
    const drain = { deadline: 9, reason: 'stopped by ann', at: 1 }
    await store.beginVersion(draft(), new Map([['shop-page', 'page']]), 0, entry('1'))
    await store.beginVersion(draft(), new Map(), 0, entry('1-again'))
    for (const id of ['2', '2-again']) await store.cutOver(KEY, 1, 1, entry(id, { action: 'version.live' }))
    await store.beginVersion(draft(), new Map(), undefined, entry('3'))
    for (const id of ['4', '4-again'])
      await store.endRollout(KEY, 2, { status: 'failed' }, entry(id, { action: 'version.failed' }))
    await store.reserveContainer(container('a'), { expect: 0, max: 1 })
    for (const id of ['5', '5-again']) await store.drainContainer('a', drain, entry(id))
    for (const id of ['6', '6-again']) await store.beginStop(KEY, stop, entry(id))
    for (const id of ['7', '7-again']) await store.finishStop(KEY, entry(id))
    const { items } = await store.auditEntries('main', 'shop', PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['au-7', 'au-6', 'au-5', 'au-4', 'au-3', 'au-2', 'au-1'],
    )
    assert.deepEqual([items[4]?.version, items[6]?.version], [2, 1], 'it tells which version was begun')
  })

  test('the record goes on from its own cursors only', async () => {
    const store = await makeStore()
    const wrong = { ...PAGE, cursor: btoa('calls:a') }
    await assert.rejects(store.auditEntries('main', undefined, wrong), { code: 'invalid_request' })
  })
}
