import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { observe } from '../../control/observe.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { DEFAULT_RETENTION } from '../../protocol/retention.ts'
import { begin, draft, KEY, live, ready } from '../contract/store-records.ts'

const READS = ['app', 'version', 'containers', 'rollingVersions', 'demand'] as const

/** A live version with a container, and a rollout that has not begun to do anything. */
async function scene(t: TestContext): Promise<SqliteStore> {
  const store = openStore(':memory:')
  t.after(() => store.close())
  await live(store)
  await ready(store, 'old', 1)
  await begin(store, draft())
  return store
}

const portsOf = (store: SqliteStore) => ({
  store,
  keys: { hash: (text: string) => text, mac: (text: string) => text },
  clock: { now: () => 10 },
  launchMs: 0,
  retention: DEFAULT_RETENTION,
})

/** As a rollout does it: what it has leave, it has noted before. */
async function letGo(store: SqliteStore): Promise<void> {
  await store.recordStep(KEY, 2, { step: 'drain', state: 'running', at: '2026-01-01T00:00:00Z' })
  await store.drainContainer('old', { deadline: 9, reason: 'makes room for v2', at: 8 })
}

for (const read of READS) {
  test(`a container that a rollout lets go right after \`${read}\` was read is not gone without a note`, async (t) => {
    const store = await scene(t)
    const reading: (...args: never[]) => Promise<unknown> = store[read].bind(store)
    t.mock.method(store, read, async (...args: never[]) => {
      const found = await reading(...args)
      await letGo(store)
      return found
    })
    const seen = await observe(portsOf(store), KEY)
    const isGone = seen?.containers.every(({ state }) => state === 'draining')
    const isNoted = seen?.rolling.some(({ steps }) => steps.some(({ step }) => step === 'drain'))
    assert.ok(!isGone || isNoted, 'its container is gone, and nobody is said to have let it go')
  })
}

for (const read of READS) {
  test(`a version that goes live right after \`${read}\` was read is seen as live, or on its way`, async (t) => {
    const store = await scene(t)
    await ready(store, 'new', 2)
    const reading: (...args: never[]) => Promise<unknown> = store[read].bind(store)
    t.mock.method(store, read, async (...args: never[]) => {
      const found = await reading(...args)
      await store.cutOver(KEY, 2, 9)
      return found
    })
    const seen = await observe(portsOf(store), KEY)
    const current = [seen?.live, ...(seen?.rolling ?? [])].map((version) => version?.version)
    assert.ok(current.includes(2), `its container would be let go: v${current} is all there is`)
  })
}

for (const next of ['none', 'a rollout', 'a staged version'] as const) {
  test(`an app whose first version goes live right before its rollouts are read, ${next} after it, is not taken for one without any`, async (t) => {
    const store = openStore(':memory:')
    t.after(() => store.close())
    await begin(store)
    if (next === 'a rollout') await begin(store)
    if (next === 'a staged version') await begin(store, { ...draft(), staged: true })
    const reading = store.rollingVersions.bind(store)
    t.mock.method(store, 'rollingVersions', async () => {
      await store.cutOver(KEY, 1, 9)
      return await reading(KEY)
    })
    const seen = await observe(portsOf(store), KEY)
    assert.equal(seen?.live?.version, 1, 'its schedules and addresses would be removed as what was left over')
  })
}
