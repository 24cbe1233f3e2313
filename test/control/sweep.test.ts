import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Errand } from '../../control/notice-model.ts'
import { sweep } from '../../control/sweep.ts'
import { notice } from '../contract/store-notices.ts'
import { install } from '../lambdas/installation.ts'

test('a fault with containers, calls or schedules does not keep anybody from being told of a notice', async (t) => {
  const { ports, close } = await install()
  t.after(close)
  await ports.store.putNotice(notice('n'))
  const broken = () => Promise.reject(new Error('it is down'))
  const sent: Errand[] = []
  const store = { ...ports.store, silentContainers: broken, overdueCalls: broken, overdueSchedules: broken }
  const outbox = { add: async (errand: Errand) => void sent.push(errand) }
  await assert.rejects(sweep({ ...ports, store, outbox, listeningSince: 0 }), /it is down/)
  assert.deepEqual(sent, [{ notice: 'n' }])
})
