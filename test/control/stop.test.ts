import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { stop } from '../../control/stop.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { install } from '../lambdas/installation.ts'

const KEY = { env: 'main', app: 'shop' }

test('a stop that the platform fails at is finished all the same, though nobody asks again', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const sha256 = await ports.blobs.put(Buffer.from('code'))
  const manifest = Manifest.parse({
    app: 'shop',
    bundle: { code: { path: 'app.mjs', sha256, size: 4 } },
    functions: { page: { kind: 'web' } },
  })
  await deploy(ports, { key: KEY, manifest, by: 'ada', strategy: 'rolling' })
  await awaitVersion(ports, KEY, 1, 10_000)
  assert.ok(ports.worklist instanceof LocalWorklist)
  await ports.worklist.idle()
  const news = ports.events.subscribe(['app:main/shop'])
  t.after(() => news.close())

  const failing = { remove: () => Promise.reject(new Error('Rate exceeded')) }
  await assert.rejects(stop({ ...ports, ingress: failing }, { key: KEY, by: 'ada' }), /Rate exceeded/)
  while ((await ports.store.app(KEY))?.state !== 'stopped') assert.ok(await news.next(10_000))
})
