import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { stop } from '../../control/stop.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

test('a stop that the platform fails at is finished all the same, though nobody asks again', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const manifest = await shopOf(ports, { page: { kind: 'web' } })
  await deploy(ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  await awaitVersion(ports, SHOP, 1, 10_000)
  assert.ok(ports.worklist instanceof LocalWorklist)
  await ports.worklist.idle()
  const news = ports.events.subscribe(['app:main/shop'])
  t.after(() => news.close())

  const failing = { remove: () => Promise.reject(new Error('Rate exceeded')) }
  await assert.rejects(stop({ ...ports, ingress: failing }, { key: SHOP, by: 'ada' }), /Rate exceeded/)
  while ((await ports.store.app(SHOP))?.state !== 'stopped') assert.ok(await news.next(10_000))
})
