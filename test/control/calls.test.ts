import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accept } from '../../control/calls.ts'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import type { Ports } from '../../control/ports.ts'
import { stop } from '../../control/stop.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { type Installation, install } from '../lambdas/installation.ts'

const KEY = { env: 'main', app: 'shop' }

describe('a request that is repeated under its idempotency key', () => {
  let installation: Installation
  let ports: Ports
  before(async () => {
    installation = await install()
    ports = { ...installation.ports, blobs: { ...installation.ports.blobs, missing: async () => [] } }
    const manifest = Manifest.parse({
      app: KEY.app,
      bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
      functions: { work: { kind: 'plain' } },
    })
    const { version } = await deploy(ports, { key: KEY, manifest, by: 'ann', strategy: 'rolling' })
    await awaitVersion(ports, KEY, version.version, 5_000)
  })
  after(() => installation.close())

  const ask = (idempotencyKey: string | undefined, json = '[1]') =>
    accept(ports, { key: KEY, function: 'work', args: { json }, source: 'api', by: 'ann', idempotencyKey })

  test('is the call that was accepted, though the app has been stopped since', async () => {
    const { id } = await ask('once')
    await stop(ports, { key: KEY, by: 'ann' })
    assert.equal((await ask('once')).id, id)
    await assert.rejects(ask('once', '[2]'), { code: 'idempotency_conflict' })
    await assert.rejects(ask('another'), { code: 'app_stopped' })
    await assert.rejects(ask(undefined), { code: 'app_stopped' })
  })
})
