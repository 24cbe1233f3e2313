import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { accept } from '../../control/calls.ts'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion, findApp } from '../../control/find.ts'
import { reconcile } from '../../control/reconcile.ts'
import { start } from '../../control/start.ts'
import { stop } from '../../control/stop.ts'
import { DAY_MS } from '../../protocol/retention.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

const ANN = { by: 'ann', key: SHOP }

/** A clock that can be put forward, and as many versions of an app as are asked for. */
async function scene(t: TestContext, versions: number) {
  const installation = await install()
  t.after(() => installation.close())
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const ports = { ...installation.ports, clock }
  for (let number = 1; number <= versions; number++) {
    const manifest = await shopOf(ports, { work: { kind: 'plain', env: { NUMBER: `${number}` } } })
    await deploy(ports, { ...ANN, manifest, strategy: 'rolling' })
    await awaitVersion(ports, SHOP, number, 10_000)
  }
  const history = async () => {
    const { items } = await ports.store.versions(SHOP, { limit: 100 })
    return items.map(({ version }) => version)
  }
  return {
    ports,
    history,
    pass: (ms: number) => {
      ahead += ms
    },
  }
}

test('versions go by themselves once they are old, at the time for which a look was promised', async (t) => {
  const { ports, history, pass } = await scene(t, 12)
  pass(DAY_MS)
  const next = await reconcile(ports, SHOP)
  assert.equal((await history()).length, 12)
  assert.ok(next !== undefined && next > ports.clock.now())
  pass(next - ports.clock.now() + 1000)
  await reconcile(ports, SHOP)
  assert.deepEqual((await history()).slice(-2), [4, 3])
})

test('a call that was pinned just as its version was collected ends, and says why', async (t) => {
  const { ports } = await scene(t, 2)
  const call = await accept(ports, {
    key: SHOP,
    function: 'work',
    args: { json: '[]' },
    source: 'api',
    by: 'ann',
    version: 1,
  })
  const entry = { ...SHOP, id: 'au-1', at: 1, by: 'sluice', action: 'version.collected', version: 1 } as const
  assert.ok(await ports.store.removeVersion(SHOP, 1, entry))
  await reconcile(ports, SHOP)
  const ended = await ports.store.call(call.id)
  assert.deepEqual([ended?.status, ended?.error?.name], ['failed', 'VersionCollected'])
})

test('a stopped app goes when its time is over, also where the first who removes it dies midway', async (t) => {
  const { ports, history, pass } = await scene(t, 2)
  await stop(ports, ANN)
  while ((await ports.store.app(SHOP))?.state !== 'stopped') await reconcile(ports, SHOP)
  pass(6 * DAY_MS)
  await reconcile(ports, SHOP)
  assert.equal((await findApp(ports, SHOP)).state, 'stopped')

  pass(DAY_MS)
  const logs = { ...ports.logs, remove: () => Promise.reject(new Error('died')) }
  await assert.rejects(reconcile({ ...ports, logs }, SHOP), /died/)
  await assert.rejects(findApp(ports, SHOP), { code: 'app_not_found' })
  assert.deepEqual(await history(), [2, 1])

  await reconcile(ports, SHOP)
  assert.deepEqual(await history(), [])
})

test('a staged version that nobody promotes is given up after a week', async (t) => {
  const { ports, pass } = await scene(t, 1)
  const manifest = await shopOf(ports, { work: { kind: 'plain', env: { NUMBER: 'staged' } } })
  const { version: staged } = await deploy(ports, { ...ANN, manifest, strategy: 'rolling', staged: true })
  const statusAfter = async (ms: number) => {
    pass(ms)
    await reconcile(ports, SHOP)
    return (await ports.store.version(SHOP, staged.version))?.status
  }
  assert.deepEqual([await statusAfter(6 * DAY_MS), await statusAfter(DAY_MS)], ['staged', 'superseded'])
})

test('an app whose files are gone is not started', async (t) => {
  const { ports, history } = await scene(t, 1)
  await stop(ports, ANN)
  while ((await ports.store.app(SHOP))?.state !== 'stopped') await reconcile(ports, SHOP)
  const { manifest } = (await ports.store.version(SHOP, 1)) ?? assert.fail()
  await ports.blobs.remove([manifest.bundle.code.sha256])
  await assert.rejects(start(ports, ANN), { code: 'blob_missing' })
  assert.deepEqual(await history(), [1])
})
