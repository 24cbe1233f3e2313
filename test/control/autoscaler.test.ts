import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeAutoscaler } from '../../control/autoscaler.ts'
import { endingsOf } from '../../control/overrides.ts'
import { openStore } from '../../platforms/local/store/store.ts'
import { begin, draft, KEY, live, PAGE } from '../contract/store-records.ts'

test('a change that a deploy overtakes is one of what is live then, and held against that', async (t) => {
  const store = openStore(':memory:')
  t.after(() => store.close())
  await live(store)
  const next = await begin(store, draft({ work: { kind: 'plain', minContainers: 0, maxContainers: 3 } }))
  const ports = {
    store,
    clock: { now: () => 10 },
    ids: { next: (kind: string) => `${kind}-${performance.now()}` },
    // The last that is done before the change is stored.
    worklist: {
      add: async () => void (await store.cutOver(KEY, 2, 9, undefined, { endings: endingsOf(next) })),
    },
  }
  const change = (minContainers: number) =>
    changeAutoscaler(ports, { key: KEY, function: 'work', patch: { minContainers }, by: 'ann' })
  await assert.rejects(change(5), /above maxContainers at 3/)
  assert.equal((await store.app(KEY))?.autoscaler, undefined)
  const { live: changed } = await change(2)
  assert.equal(changed.version, 2)
  const { items } = await store.auditEntries('main', 'shop', PAGE)
  assert.deepEqual(
    items.map(({ version, after }) => [version, after]),
    [[2, 'minContainers 2']],
  )
})
