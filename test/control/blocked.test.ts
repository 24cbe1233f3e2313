import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { reconcile } from '../../control/reconcile.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

const FULL = 'Every load balancer is full. Deploy the stacks with -c ingressShards=2.'

test('a platform that has no room for an address says so to whoever deploys, and goes on once there is', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const point = ports.ingress.point.bind(ports.ingress)
  ports.ingress.point = () => Promise.reject(new SluiceError('quota_exceeded', FULL))
  const manifest = await shopOf(ports, {
    page: { kind: 'web' },
    nightly: { kind: 'scheduled', schedule: { type: 'period', seconds: 3600 } },
  })
  const scheduled = new Set<string>()
  ports.timetable.sync = async (_key, _version, entries) => {
    for (const entry of entries) scheduled.add(entry.function)
  }
  await deploy(ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })

  const stuck = await awaitVersion(ports, SHOP, 1, 10_000)
  const { step, state, detail } = stuck.steps.at(-1) ?? {}
  assert.deepEqual([step, state, detail], ['cutover', 'failed', FULL])
  const again = (await reconcile(ports, SHOP)) ?? 0
  assert.ok(again >= Date.now() + 30_000, 'it is not asked for again at once')
  assert.deepEqual((await ports.store.version(SHOP, 1))?.steps, stuck.steps)

  assert.deepEqual([...scheduled], ['nightly'], 'schedules need no load balancer')

  ports.ingress.point = point
  await reconcile(ports, SHOP)
  const freed = await awaitVersion(ports, SHOP, 1, 10_000)
  assert.deepEqual(freed.steps.at(-1)?.state, 'done')
})
