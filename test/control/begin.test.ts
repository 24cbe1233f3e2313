import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { install } from '../lambdas/installation.ts'
import { SHOP, shopOf } from './shop.ts'

test('a version whose deployer dies as soon as it is written is looked at all the same', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const manifest = await shopOf(ports, { work: { kind: 'plain' } })
  const asked: (number | undefined)[] = []
  const worklist = { add: async (_: unknown, at?: number) => void asked.push(at) }
  const store = Object.assign(Object.create(ports.store), {
    durable: () => Promise.reject(new Error('the process died here')),
  })
  const dying = deploy({ ...ports, store, worklist }, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  await assert.rejects(dying, /died here/)
  assert.equal((await ports.store.version(SHOP, 1))?.status, 'rolling')
  assert.equal(asked.length, 1)
  assert.ok((asked[0] ?? 0) > Date.now(), 'it is looked at once the deployer has had its time')
})
