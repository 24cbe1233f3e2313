import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import type { Ports } from '../../control/ports.ts'
import { stop } from '../../control/stop.ts'
import { unstage } from '../../control/unstage.ts'
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
  const before = Date.now()
  const dying = deploy({ ...ports, store, worklist }, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  await assert.rejects(dying, /died here/)
  assert.equal((await ports.store.version(SHOP, 1))?.status, 'rolling')
  assert.equal(asked.length, 1)
  assert.ok((asked[0] ?? 0) > before, 'it is looked at once the deployer has had its time')
})

for (const [what, change] of Object.entries({
  stop: (ports: Ports) => stop(ports, { key: SHOP, by: 'ada' }),
  unstage: (ports: Ports) => unstage(ports, { key: SHOP, version: 2, by: 'ada' }),
})) {
  test(`what a ${what} leaves to be done is done, though whoever asked for it dies as soon as it is written`, async (t) => {
    const installation = await install()
    t.after(() => installation.close())
    const { ports } = installation
    const request = { key: SHOP, by: 'ada', strategy: 'rolling' } as const
    await deploy(ports, { ...request, manifest: await shopOf(ports, { work: { kind: 'plain' } }) })
    await awaitVersion(ports, SHOP, 1, 10_000)
    const other = await shopOf(ports, { work: { kind: 'plain', timeout: 5 } })
    await deploy(ports, { ...request, manifest: other, staged: true })
    const asked: (number | undefined)[] = []
    const worklist = {
      add: async (_: unknown, at?: number) => {
        if (at === undefined) throw new Error('the process died here')
        asked.push(at)
      },
    }
    const before = Date.now()
    await assert.rejects(change({ ...ports, worklist }), /died here/)
    assert.equal((await ports.store.version(SHOP, 2))?.status, 'superseded')
    assert.equal(asked.length, 1)
    assert.ok((asked[0] ?? 0) > before, 'it is looked at once they have had their time')
  })
}
