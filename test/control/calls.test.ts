import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accept, awaitCall, cancel } from '../../control/calls.ts'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import type { Ports } from '../../control/ports.ts'
import { stop } from '../../control/stop.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { type Installation, install } from '../lambdas/installation.ts'

const KEY = { env: 'main', app: 'shop' }
const REQUEST = { key: KEY, function: 'work', args: { json: '[1]' }, source: 'api', by: 'ann' } as const

describe('a request that is repeated under its idempotency key', () => {
  let installation: Installation
  let ports: Ports
  before(async () => {
    installation = await install()
    ports = await deployShop(installation)
  })
  after(() => installation.close())

  const ask = (idempotencyKey: string | undefined, json = '[1]') =>
    accept(ports, { ...REQUEST, args: { json }, idempotencyKey })

  test('is the call that was accepted, though the app has been stopped since', async () => {
    const { id } = await ask('once')
    await stop(ports, { key: KEY, by: 'ann' })
    assert.equal((await ask('once')).id, id)
    await assert.rejects(ask('once', '[2]'), { code: 'idempotency_conflict' })
    await assert.rejects(ask('another'), { code: 'app_stopped' })
    await assert.rejects(ask(undefined), { code: 'app_stopped' })
  })
})

test('whoever is told of a call that goes on has waited for the disk, whoever is told of its end has not', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const ports = await deployShop(installation)
  let waits = 0
  const store = Object.assign(Object.create(ports.store), { durable: async () => void waits++ })
  const { id } = await accept(ports, REQUEST)
  assert.equal((await awaitCall({ ...ports, store }, id, 0)).status, 'pending')
  assert.equal(waits, 1)
  await cancel(ports, id)
  assert.equal((await awaitCall({ ...ports, store }, id, 0)).status, 'cancelled')
  assert.equal(waits, 1)
})

async function deployShop(installation: Installation): Promise<Ports> {
  const ports = { ...installation.ports, blobs: { ...installation.ports.blobs, missing: async () => [] } }
  const manifest = Manifest.parse({
    app: KEY.app,
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions: { work: { kind: 'plain' } },
  })
  const { version } = await deploy(ports, { key: KEY, manifest, by: 'ann', strategy: 'rolling' })
  await awaitVersion(ports, KEY, version.version, 5_000)
  return ports
}
