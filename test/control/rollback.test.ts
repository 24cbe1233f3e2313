import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { rollback } from '../../control/rollback.ts'
import { rollover } from '../../control/rollover.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { type Installation, install } from '../lambdas/installation.ts'

describe('a rollback', () => {
  let installation: Installation
  let apps = 0
  let key = { env: 'main', app: '' }
  before(async () => {
    installation = await install()
  })
  after(() => installation.close())
  beforeEach(() => {
    key = { env: 'main', app: `app${++apps}` }
  })

  test('without a number goes to the version before, under a new number and a new name', async () => {
    await put('one')
    await put('two')
    const back = await backTo()
    assert.deepEqual(
      [back.version, back.fromVersion, back.origin, back.deployedBy],
      [3, 1, 'rollback', 'bea'],
    )
    assert.equal(content(back.manifest), 'one')
  })

  test('twice never returns to the bad version', async () => {
    await put('one')
    await put('two')
    await put('bad')
    assert.equal((await backTo()).fromVersion, 2)
    assert.equal((await backTo()).fromVersion, 1)
  })

  test('passes over what was rolled back from, also under the older numbers that it had', async () => {
    await put('good')
    await put('bad')
    await rollOver()
    await backTo()
    await put('newer')
    const back = await backTo()
    assert.equal(content(back.manifest), 'good')
    await assert.rejects(backTo(), { code: 'nothing_to_roll_back_to' })
  })

  test('takes what was put live again after it had been rolled back from', async () => {
    await put('one')
    await put('two')
    await backTo()
    await put('two')
    await put('three')
    assert.equal((await backTo()).fromVersion, 4)
    await backTo(5)
    await put('four')
    assert.equal(content((await backTo()).manifest), 'three')
  })

  test('to a version by its number may return to any that was live', async () => {
    await put('one')
    await put('two')
    await backTo()
    assert.equal(content((await backTo(2)).manifest), 'two')
  })

  test('to a tag goes to the newest version with it that was live', async () => {
    await put('one', 'green')
    await put('two', 'green')
    await put('three')
    assert.equal((await backTo({ tag: 'green' })).fromVersion, 2)
    await assert.rejects(backTo({ tag: 'green' }), {
      code: 'version_conflict',
      message: /v4 is live already/,
    })
    await assert.rejects(backTo({ tag: 'blue' }), { code: 'version_not_found', message: /is tagged "blue"/ })
    await assert.rejects(backTo({ tag: 'green', version: 1 }), { code: 'invalid_request' })
  })

  test('says so where there is nothing to go back to, or the version never was', async () => {
    await put('one')
    await assert.rejects(backTo(), { code: 'nothing_to_roll_back_to' })
    await assert.rejects(backTo(7), { code: 'version_not_found', message: /only version is v1\./ })
    await assert.rejects(backTo(1), { code: 'version_conflict' })
  })

  async function put(name: string, tag?: string) {
    const manifest = Manifest.parse({
      app: key.app,
      bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
      functions: { work: { kind: 'plain', env: { CONTENT: name } } },
    })
    await installation.ports.blobs.put(new Uint8Array())
    const { version } = await deploy(
      { ...installation.ports, blobs: { ...installation.ports.blobs, missing: async () => [] } },
      { key, manifest, by: 'ann', strategy: 'rolling', tag },
    )
    return awaitVersion(installation.ports, key, version.version, 5_000)
  }

  async function backTo(to: number | { version?: number; tag?: string } = {}) {
    const target = typeof to === 'number' ? { version: to } : to
    const begun = await rollback(installation.ports, { key, ...target, strategy: 'rolling', by: 'bea' })
    return awaitVersion(installation.ports, key, begun.version, 5_000)
  }

  async function rollOver() {
    const begun = await rollover(installation.ports, { key, strategy: 'rolling', by: 'bea' })
    return awaitVersion(installation.ports, key, begun.version, 5_000)
  }

  const content = (manifest: Manifest) => manifest.functions.work?.env.CONTENT
})
