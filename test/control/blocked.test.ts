import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { reconcile } from '../../control/reconcile.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { install } from '../lambdas/installation.ts'

const KEY = { env: 'main', app: 'shop' }
const FULL = 'Every load balancer is full. Deploy the stacks with -c ingressShards=2.'

test('a platform that has no room for an address says so to whoever deploys, and goes on once there is', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const point = ports.ingress.point.bind(ports.ingress)
  ports.ingress.point = () => Promise.reject(new SluiceError('quota_exceeded', FULL))
  const sha256 = await ports.blobs.put(Buffer.from('code'))
  const manifest = Manifest.parse({
    app: 'shop',
    bundle: { code: { path: 'app.mjs', sha256, size: 4 } },
    functions: { page: { kind: 'web' } },
  })
  await deploy(ports, { key: KEY, manifest, by: 'ada', strategy: 'rolling' })

  const stuck = await awaitVersion(ports, KEY, 1, 10_000)
  const { step, state, detail } = stuck.steps.at(-1) ?? {}
  assert.deepEqual([step, state, detail], ['cutover', 'failed', FULL])
  const again = (await reconcile(ports, KEY)) ?? 0
  assert.ok(again >= Date.now() + 30_000, 'it is not asked for again at once')
  assert.deepEqual((await ports.store.version(KEY, 1))?.steps, stuck.steps)

  ports.ingress.point = point
  await reconcile(ports, KEY)
  const freed = await awaitVersion(ports, KEY, 1, 10_000)
  assert.deepEqual(freed.steps.at(-1)?.state, 'done')
})
