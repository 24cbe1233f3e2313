import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { missingBlobs } from '../../control/blobs.ts'
import { collectBlobs as collect } from '../../control/collect-blobs.ts'
import { deploy } from '../../control/deploy.ts'
import { LocalBlobs } from '../../platforms/local/blobs/blobs.ts'
import { openKeys } from '../../platforms/local/keys.ts'
import { DAY_MS } from '../../protocol/retention.ts'
import { hashOf } from '../contract/blobs.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

const HOUR_MS = DAY_MS / 24

const collectBlobs = (ports: Parameters<typeof collect>[0], how = { dryRun: false }) =>
  collect(ports, [SHOP.env], how)

/** An installation whose contents are real files, and whose clock can be put forward. */
async function scene(t: TestContext) {
  const installation = await install()
  const dir = await mkdtemp(join(tmpdir(), 'sluice-collect-'))
  t.after(async () => {
    await installation.close()
    await rm(dir, { recursive: true })
  })
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const blobs = new LocalBlobs({ dir, keys: openKeys(dir), clock, apiUrl: () => 'http://blobs.test' })
  const ports = { ...installation.ports, blobs, clock }
  const isStored = async (hash: string) => (await blobs.missing([hash])).length === 0
  return {
    ports,
    isStored,
    pass: (ms: number) => {
      ahead += ms
    },
  }
}

test('a content that no version refers to is condemned once it is old, and removed by a later run', async (t) => {
  const { ports, isStored, pass } = await scene(t)
  const hash = await ports.blobs.put(Buffer.from('a large result'))
  assert.equal((await collectBlobs(ports)).condemned.count, 0)
  pass(22 * DAY_MS)
  assert.equal((await collectBlobs(ports)).condemned.count, 1)
  assert.equal((await collectBlobs(ports)).removed, 0, 'too soon')
  pass(HOUR_MS)
  assert.ok(await isStored(hash))
  assert.equal((await collectBlobs(ports)).removed, 1)
  assert.equal(await isStored(hash), false)
})

test('what a version refers to stays, however old', async (t) => {
  const { ports, isStored, pass } = await scene(t)
  const manifest = await shopOf(ports, { work: { kind: 'plain' } })
  await deploy(ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  pass(400 * DAY_MS)
  for (let runs = 0; runs < 3; runs++) {
    await collectBlobs(ports)
    pass(HOUR_MS)
  }
  assert.ok(await isStored(manifest.bundle.code.sha256))
})

test('a deploy that was told that a content is there finds it, though it was condemned before', async (t) => {
  const { ports, isStored, pass } = await scene(t)
  const manifest = await shopOf(ports, { work: { kind: 'plain' } })
  const code = manifest.bundle.code.sha256
  pass(22 * DAY_MS)
  await collectBlobs(ports)
  assert.deepEqual(await missingBlobs(ports, [code]), [])
  pass(HOUR_MS)
  await collectBlobs(ports)
  assert.ok(await isStored(code))
  await deploy(ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  pass(HOUR_MS)
  await collectBlobs(ports)
  pass(HOUR_MS)
  await collectBlobs(ports)
  assert.ok(await isStored(code))
})

test('while contents are being removed, a deploy that needs them is told to come again', async (t) => {
  const { ports, pass } = await scene(t)
  await ports.blobs.put(Buffer.from('old'))
  pass(22 * DAY_MS)
  await collectBlobs(ports)
  pass(HOUR_MS)
  // The process dies between removing contents and striking them off the list.
  const dying = {
    ...ports,
    blobs: Object.assign(Object.create(ports.blobs), { remove: () => Promise.reject(new Error('died')) }),
  }
  await assert.rejects(collectBlobs(dying), /died/)
  await assert.rejects(missingBlobs(ports, [hashOf('old')]), { code: 'unavailable' })

  pass(HOUR_MS)
  assert.equal((await collectBlobs(ports)).removed, 1)
  assert.deepEqual(await missingBlobs(ports, [hashOf('old')]), [hashOf('old')])
})

test('a dry run changes nothing', async (t) => {
  const { ports, pass } = await scene(t)
  await ports.blobs.put(Buffer.from('old'))
  pass(22 * DAY_MS)
  assert.equal((await collectBlobs(ports, { dryRun: true })).condemned.count, 1)
  assert.equal(await ports.store.condemned(), undefined)
})
