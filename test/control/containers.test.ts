import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abandon } from '../../control/containers.ts'
import type { ContainerFailure } from '../../control/model.ts'
import { exit } from '../../control/runtime.ts'
import { STARTUP_TIMEOUT } from '../../protocol/startup-timeout.ts'
import { container } from '../contract/store-records.ts'
import { install } from '../lambdas/installation.ts'

const LATE: ContainerFailure = { kind: 'timeout', message: 'it was not ready in time.', logs: [] }
const IDS = ['late', 'ready', 'let-go']

test('a start that takes too long is ended, unless the container became ready since it was looked at', async (t) => {
  const { ports, close } = await install()
  t.after(close)
  const { store } = ports
  for (const [expect, id] of IDS.entries())
    await store.reserveContainer(container(id), { expect, max: IDS.length })
  for (const id of ['ready', 'let-go']) await store.containerReady(id, undefined, 2)
  await store.drainContainer('let-go', { deadline: 99, reason: 'v2 is live', at: 3 })
  for (const id of IDS) await abandon(ports, { container: container(id), failure: LATE }, 4)
  const left = await Promise.all(IDS.map((id) => store.container(id)))
  const states = left.map((one) => one?.state)
  assert.deepEqual(states, ['stopped', 'ready', 'draining'])
  assert.equal(left[0]?.failure?.kind, 'timeout')
})

test('a start that takes too long is one, whether the container sees it first or the control plane', async (t) => {
  const { ports, close } = await install()
  t.after(close)
  await ports.store.reserveContainer(container('late'), { expect: 0, max: 1 })
  const error = { name: STARTUP_TIMEOUT, message: LATE.message }
  await exit(ports, 'late', { error, logs: [] })
  assert.deepEqual((await ports.store.container('late'))?.failure, LATE)
})
