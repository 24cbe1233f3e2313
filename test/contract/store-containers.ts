import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../control/store-port.ts'
import { call, container, KEY, live, ready } from './store-records.ts'

/** What every store promises of containers. */
export function containerStoreContract(makeStore: () => Promise<Store>): void {
  test('however many ask at once, no more containers are reserved than are allowed', async () => {
    const store = await makeStore()
    const ask = (id: string, expect: number) => store.reserveContainer(container(id), { expect, max: 2 })
    const together = await Promise.all([ask('a', 0), ask('b', 0), ask('c', 0)])
    assert.equal(together.filter(Boolean).length, 1, 'each expected to be the first')
    assert.equal(await ask('d', 1), true)
    assert.equal(await ask('e', 2), false)
    await store.drainContainer('d', { deadline: 1, reason: 'test' })
    assert.equal(await ask('f', 1), true, 'a draining container takes no place')
  })

  test('a container that has stopped stays stopped, and whoever sees it first is told so', async () => {
    const store = await makeStore()
    await ready(store, 'a', 1)
    assert.equal(await store.containerStopped('a', 'exited', 2), true)
    assert.equal(await store.containerStopped('a', 'killed', 3), false)
    assert.equal((await store.containerReady('a', undefined, 4))?.state, 'stopped')
    assert.equal((await store.container('a'))?.reason, 'exited')
    assert.deepEqual(await store.containers(KEY), [])
    assert.equal((await store.containers(KEY, { all: true })).length, 1)
  })

  test('of two reasons why a container failed, the first stays', async () => {
    const store = await makeStore()
    await ready(store, 'a', 1)
    await store.containerFailed('a', { kind: 'crash', message: 'first', logs: [] })
    await store.containerFailed('a', { kind: 'crash', message: 'second', logs: [] })
    await store.containerStopped('a', 'exited', 2)
    const [failed] = await store.failedContainers(KEY, 1)
    assert.equal(failed?.failure?.message, 'first')
  })

  test('a container that runs a call is not idle, whatever it reports, and is once it has ended it', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    await store.acceptCall(call('c', 1))
    await store.claimCall('c', by, 'lease', 10)
    assert.equal((await store.containerSeen('a', 0, 11))?.idleSince, undefined)
    await store.finishCall('c', 'lease', { status: 'succeeded', at: 12 })
    assert.equal((await store.containerSeen('a', 0, 13))?.idleSince, 12)
    assert.equal((await store.containerSeen('a', 1, 14))?.idleSince, undefined)
  })
}
