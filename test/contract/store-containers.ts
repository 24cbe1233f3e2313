import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerFailure } from '../../control/model.ts'
import type { ContainerFilter, Store } from '../../control/store-port.ts'
import { call, container, KEY, live, PAGE, ready } from './store-records.ts'

/** What every store promises of containers. */
export function containerStoreContract(makeStore: () => Promise<Store>): void {
  test('however many ask at once, no more containers are reserved than are allowed', async () => {
    const store = await makeStore()
    const ask = (id: string, expect: number) => store.reserveContainer(container(id), { expect, max: 2 })
    const together = await Promise.all([ask('a', 0), ask('b', 0), ask('c', 0)])
    assert.equal(together.filter(Boolean).length, 1, 'each expected to be the first')
    assert.equal(await ask('c', 2), false, 'there is one')
    assert.equal(await ask('d', 1), true)
    assert.equal(await ask('e', 2), false)
    await store.drainContainer('d', { deadline: 1, reason: 'test', at: 1 })
    assert.equal(await ask('f', 1), true, 'a draining container takes no place')
  })

  test('what a container was made for is on record as long as it is', async () => {
    const store = await makeStore()
    const made = { ...container('a'), cpu: 0.5, memory: 1024, callSeconds: 90.5 }
    await store.reserveContainer(made, { expect: 0, max: 1 })
    assert.deepEqual(await store.container('a'), made)
  })

  test('a container that has stopped stays stopped, and whoever sees it first is told so', async () => {
    const store = await makeStore()
    await ready(store, 'a', 1)
    assert.equal(await store.containerStopped('a', 'exited', 2), true)
    assert.equal(await store.containerStopped('a', 'killed', 3), false)
    assert.equal((await store.containerReady('a', undefined, 4))?.state, 'stopped')
    assert.equal((await store.container('a'))?.reason, 'exited')
    assert.deepEqual(await store.containers(KEY), [])
    assert.equal((await store.containersPage(KEY, { all: true }, PAGE)).items.length, 1)
    await ready(store, 'b', 1)
    await store.drainContainer('b', { deadline: 9, reason: 'v2 is live', at: 1 })
    await store.containerStopped('b', 'exited', 5)
    const { reason, drainDeadline } = (await store.container('b')) ?? assert.fail()
    assert.deepEqual([reason, drainDeadline], ['v2 is live', 9], 'why it had to go is what it is asked for')
  })

  test('a container whose start is given up stays once it is ready, and is known to have failed otherwise', async () => {
    const store = await makeStore()
    await ready(store, 'a', 1)
    await store.reserveContainer(container('b'), { expect: 1, max: 2 })
    const failedStart: ContainerFailure = { kind: 'timeout', message: 'not ready in time', logs: ['a line'] }
    const drain = { deadline: 1, reason: 'not ready in time', at: 1, failedStart }
    const drained = await Promise.all(['a', 'b'].map((id) => store.drainContainer(id, drain)))
    assert.deepEqual(drained, [false, true])
    assert.equal((await store.container('a'))?.state, 'ready')
    assert.equal((await store.containerReady('b', undefined, 2))?.state, 'draining')
    await store.containerStopped('b', 'killed', 3)
    const failed = await store.failedContainers(KEY, container('b').version)
    assert.deepEqual(
      failed.map(({ id, failure }) => [id, failure]),
      [['b', failedStart]],
    )
  })

  test('a container that is given up for its silence stays where it was heard meanwhile', async () => {
    const store = await makeStore()
    const silent = await ready(store, 'a', 1)
    const drain = { deadline: 1, reason: 'gave no sign of life', at: 1, seenAt: silent.seenAt }
    await store.containerSeen('a', 0, silent.seenAt + 5)
    assert.equal(await store.drainContainer('a', drain), false)
    assert.equal((await store.container('a'))?.state, 'ready')
    assert.equal(await store.drainContainer('a', { ...drain, seenAt: silent.seenAt + 5 }), true)
  })

  test('a place becomes free once, however many see its container go', async () => {
    const store = await makeStore()
    for (const [expect, id] of ['a', 'b', 'c'].entries())
      await store.reserveContainer(container(id), { expect, max: 3 })
    const drain = { deadline: 1, reason: 'test', at: 1 }
    const drained = await Promise.all(['a', 'a', 'a'].map((id) => store.drainContainer(id, drain)))
    assert.equal(drained.filter(Boolean).length, 1)
    const stopped = await Promise.all(
      ['a', 'a', 'b', 'b'].map((id) => store.containerStopped(id, 'exited', 2)),
    )
    assert.deepEqual(stopped.filter(Boolean), [true, true])
    const reserved = []
    for (const [i, id] of ['d', 'e', 'f'].entries())
      reserved.push(await store.reserveContainer(container(id), { expect: i + 1, max: 3 }))
    assert.deepEqual(reserved, [true, true, false])
  })

  test('containers come newest first, and after them, where asked for, those that stopped', async () => {
    const store = await makeStore()
    for (const id of ['a', 'b', 'c', 'd']) await ready(store, id, 1)
    await store.containerStopped('c', 'exited', 5)
    await store.containerStopped('a', 'exited', 7)
    const ids = async (filter: ContainerFilter) =>
      (await store.containersPage(KEY, filter, PAGE)).items.map(({ id }) => id)
    assert.deepEqual(await ids({}), ['d', 'b'])
    assert.deepEqual(await ids({ all: true }), ['d', 'b', 'a', 'c'])
    assert.deepEqual((await store.containersPage({ ...KEY, app: 'sho' }, { all: true }, PAGE)).items, [])
  })

  test('containers come in pages, none twice and none left out, also past the last that runs', async () => {
    const store = await makeStore()
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await ready(store, id, 1)
    for (const [at, id] of ['b', 'a', 'f'].entries())
      await store.containerStopped(id, 'exited', at === 0 ? 5 : 7)
    for (const limit of [1, 2, 3, 4, 5, 6]) {
      const ids: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await store.containersPage(KEY, { all: true }, { limit, cursor })
        assert.ok(page.items.length <= limit)
        ids.push(...page.items.map(({ id }) => id))
        cursor = page.cursor
        if (cursor === undefined) break
      }
      assert.deepEqual(ids, ['e', 'd', 'c', 'f', 'a', 'b'], `${limit} at a time`)
    }
  })

  test('containers are told by function, version and state', async () => {
    const store = await makeStore()
    await ready(store, 'a', 1)
    await ready(store, 'b', 2)
    await store.reserveContainer(container('c', 2), { expect: 1, max: 5 })
    await ready(store, 'd', 1)
    await store.containerStopped('d', 'exited', 5)
    const ids = async (filter: ContainerFilter) =>
      (await store.containersPage(KEY, filter, PAGE)).items.map(({ id }) => id)
    assert.deepEqual(await ids({ version: 2 }), ['c', 'b'])
    assert.deepEqual(await ids({ version: 1, all: true }), ['a', 'd'])
    assert.deepEqual(await ids({ state: 'starting' }), ['c'])
    assert.deepEqual(await ids({ state: 'stopped' }), ['d'], 'whoever asks for them by name means them')
    assert.deepEqual(await ids({ function: 'page', all: true }), [])
  })

  test('a container that says nothing is found, wherever it is, and not once it has stopped', async () => {
    const store = await makeStore()
    for (const id of ['a', 'b', 'c']) await store.reserveContainer(container(id), { expect: 0, max: 1 })
    const other = { ...container('x'), app: 'other' }
    await store.reserveContainer(other, { expect: 0, max: 1 })
    const silentSince = async (since: number) => {
      const { silent, heardAt } = await store.silentContainers(since)
      return [silent.map(({ id }) => id).sort(), heardAt]
    }
    assert.deepEqual(await silentSince(2), [['a', 'x'], undefined], 'a start is no word of the container')
    await store.containerSeen('a', 0, 5)
    await store.containerSeen('x', 0, 7)
    assert.deepEqual(await silentSince(6), [['a'], 7], 'when any was heard last is told with it')
    await store.containerStopped('x', 'gone', 8)
    assert.deepEqual(await silentSince(5), [[], 5])
    assert.deepEqual(await silentSince(6), [['a'], 5])
  })

  test('those that failed are told by version, the last first', async () => {
    const store = await makeStore()
    for (const [id, version, at] of [
      ['a', 1, 9],
      ['b', 1, 5],
      ['c', 2, 7],
      ['d', 1, 8],
    ] as const) {
      await ready(store, id, version)
      if (id !== 'd') await store.containerFailed(id, { kind: 'crash', message: id, logs: [] })
      await store.containerStopped(id, 'exited', at)
    }
    await ready(store, 'e', 1)
    await store.containerFailed('e', { kind: 'crash', message: 'still there', logs: [] })
    const failed = await store.failedContainers(KEY, 1)
    assert.deepEqual(
      failed.map(({ id }) => id),
      ['a', 'b'],
    )
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
