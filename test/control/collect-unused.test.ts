import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectUnused } from '../../control/collect-unused.ts'
import { deploy } from '../../control/deploy.ts'
import { writeSecret } from '../../control/secrets.ts'
import { DAY_MS } from '../../protocol/retention.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

const OPENAI = { env: 'main', name: 'openai' }

test('a version of a secret goes once a newer one has replaced it, unless a version of an app pins it', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  let ahead = 0
  const ports = { ...installation.ports, clock: { now: () => Date.now() + ahead } }
  const write = (value: string) =>
    writeSecret(ports, { key: OPENAI, variables: { KEY: value }, by: 'ann', force: true })
  const isKept = async (version: number) => (await ports.secrets.get({ ...OPENAI, version })) !== undefined

  await write('one')
  await write('two')
  const manifest = await shopOf(ports, { work: { kind: 'plain', secrets: ['openai'] } })
  await deploy(ports, { key: SHOP, manifest, by: 'ann', strategy: 'rolling' })
  await write('three')
  assert.equal((await collectUnused(ports)).secrets, 0, 'too soon')
  ahead = 2 * DAY_MS
  assert.equal((await collectUnused(ports, { dryRun: true })).secrets, 1)
  assert.ok(await isKept(1))
  assert.equal((await collectUnused(ports)).secrets, 1)
  assert.deepEqual(await Promise.all([1, 2, 3].map(isKept)), [false, true, true])
})
