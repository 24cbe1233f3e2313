import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { call, draft, KEY, live, PAGE, ready } from './store-records.ts'

/** What every store promises of calls. */
export function callStoreContract(makeStore: () => Promise<Store>): void {
  test('a call is accepted only for the version that is live', async () => {
    const store = await makeStore()
    assert.equal((await store.acceptCall(call('a', 1))).kind, 'moved')
    await live(store)
    await live(store)
    assert.equal((await store.acceptCall(call('a', 1))).kind, 'moved')
    assert.equal((await store.acceptCall(call('a', 2))).kind, 'accepted')
    await store.beginStop(KEY, { at: 1, deadline: 1, by: 'ann', reason: undefined })
    assert.equal((await store.acceptCall(call('b', 2))).kind, 'moved')
  })

  test('one idempotency key makes one call, also when asked at the same time', async () => {
    const store = await makeStore()
    await live(store)
    const asked = ['a', 'b', 'c'].map((id) => store.acceptCall({ ...call(id, 1), idempotencyKey: 'k' }))
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind).sort()
    assert.deepEqual(kinds, ['accepted', 'duplicate', 'duplicate'])
    assert.equal((await store.calls(KEY, {}, PAGE)).items.length, 1)
  })

  test('a call is found by its idempotency key, also when its app is stopped', async () => {
    const store = await makeStore()
    await live(store)
    await store.acceptCall({ ...call('a', 1), idempotencyKey: 'k' })
    await store.beginStop(KEY, { at: 1, deadline: 1, by: 'ann', reason: undefined })
    assert.equal((await store.callByKey(KEY, 'k'))?.id, 'a')
    assert.equal(await store.callByKey({ ...KEY, app: 'rival' }, 'k'), undefined)
  })

  test('of many containers that claim a call, one gets it', async () => {
    const store = await makeStore()
    await live(store)
    await store.acceptCall(call('a', 1))
    const containers: Container[] = []
    for (const id of ['x', 'y', 'z']) containers.push(await ready(store, id, 1))
    const claims = Array.from({ length: 16 }, (_, i) =>
      containers.map((by) => store.claimCall('a', by, `lease-${by.id}-${i}`, 10)),
    )
    const [claim, ...others] = (await Promise.all(claims.flat())).filter((given) => given !== undefined)
    assert.deepEqual(others, [])
    assert.deepEqual([claim?.status, claim?.attempts], ['running', 1])
    const held = await Promise.all(containers.map(({ id }) => store.runningCalls(id)))
    assert.deepEqual(held.flat(), [claim])
  })

  test('an outdated container claims nothing but what is pinned to its version', async () => {
    const store = await makeStore()
    await live(store)
    const old = await ready(store, 'old', 1)
    await store.acceptCall(call('accepted-before', 1))
    await live(store)
    await store.acceptCall(call('accepted-after', 2))
    await store.acceptCall({ ...call('pinned', 2), pin: 1 })
    assert.equal(await store.claimCall('accepted-before', old, 'l1', 10), undefined)
    assert.equal(await store.claimCall('accepted-after', old, 'l2', 10), undefined)
    assert.equal((await store.claimCall('pinned', old, 'l3', 10))?.version, 1)
    const current = await ready(store, 'new', 2)
    assert.equal((await store.claimCall('accepted-before', current, 'l4', 10))?.version, 2)
  })

  test('a container that drains claims nothing', async () => {
    const store = await makeStore()
    await live(store)
    const draining = await ready(store, 'a', 1)
    await store.acceptCall(call('c', 1))
    await store.drainContainer('a', { deadline: 1, reason: 'test', at: 1 })
    assert.equal(await store.claimCall('c', draining, 'lease', 10), undefined)
  })

  test('an outcome counts under the lease that holds, once', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    await store.acceptCall(call('c', 1))
    await store.claimCall('c', by, 'first', 10)
    const error = { name: 'Lost', message: 'The container died.' }
    assert.equal(
      await store.releaseCall('c', 'first', { availableAt: 20, failed: false, error, at: 11 }),
      true,
    )
    assert.equal(await store.claimCall('c', by, 'early', 19), undefined, 'it is not due yet')
    await store.claimCall('c', by, 'second', 20)
    const end = { status: 'succeeded', result: { json: '1' }, at: 21 } as const
    assert.equal(await store.finishCall('c', 'first', end), false, 'that lease is lost')
    assert.equal(await store.finishCall('c', 'second', end), true)
    assert.equal(
      await store.finishCall('c', 'second', { ...end, result: { json: '2' } }),
      false,
      'it has ended',
    )
    const ended = await store.call('c')
    assert.deepEqual(
      [ended?.status, ended?.result, ended?.attempts, ended?.failures],
      ['succeeded', { json: '1' }, 2, 0],
    )
  })

  test('a container holds what it was given until that ends or is taken away', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    const held = async () => (await store.runningCalls('a')).map(({ id }) => id).sort()
    for (const id of ['c1', 'c2', 'c4']) await store.acceptCall(call(id, 1))
    await store.acceptCall({ ...call('c3', 1), pin: 1 })
    for (const id of ['c1', 'c2', 'c3']) await store.claimCall(id, by, `lease of ${id}`, 10)
    assert.deepEqual(await held(), ['c1', 'c2', 'c3'])
    assert.equal((await store.container('a'))?.running, 3)
    const error = { name: 'E', message: '' }
    await store.finishCall('c1', 'lease of c1', { status: 'failed', error, at: 11 })
    await store.releaseCall('c2', 'lease of c2', { availableAt: 11, failed: false, error, at: 11 })
    assert.deepEqual(await held(), ['c3'])
    await store.cancelCall('c3', 12, error)
    assert.deepEqual(await held(), [])
    assert.equal((await store.container('a'))?.running, 0)
  })

  test('of containers it is told at once how many calls each runs, and since when', async () => {
    const store = await makeStore()
    await live(store)
    const [busy, other, idle] = [
      await ready(store, 'a', 1),
      await ready(store, 'b', 1),
      await ready(store, 'c', 1),
    ]
    for (const id of ['c1', 'c2', 'c3', 'c4']) await store.acceptCall(call(id, 1))
    await store.acceptCall({ ...call('c5', 1), pin: 1 })
    await store.claimCall('c1', busy, 'l1', 10)
    await store.claimCall('c2', busy, 'l2', 20)
    await store.claimCall('c3', busy, 'l3', 30)
    await store.claimCall('c4', other, 'l4', 5)
    await store.claimCall('c5', other, 'l5', 6)
    const inFlight = async (ids: string[]) =>
      (await store.callsInFlight(ids)).sort((a, b) => a.container.localeCompare(b.container))
    const ofOther = { container: 'b', calls: 2, oldest: 5 }
    assert.deepEqual(await inFlight(['a', 'b', idle.id]), [{ container: 'a', calls: 3, oldest: 10 }, ofOther])
    await store.finishCall('c1', 'l1', { status: 'succeeded', at: 40 })
    await store.cancelCall('c2', 41, { name: 'Cancelled', message: '' })
    assert.deepEqual(await inFlight(['a']), [{ container: 'a', calls: 1, oldest: 30 }])
    assert.deepEqual(await inFlight([]), [])
  })

  test('only a call that waits can be failed for want of a container', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    for (const id of ['c1', 'c2']) await store.acceptCall(call(id, 1))
    await store.claimCall('c1', by, 'lease', 10)
    const error = { name: 'ContainerCannotStart', message: 'It crashed.' }
    assert.equal(await store.failCall('c1', error, 11), false)
    assert.equal(await store.failCall('c2', error, 11), true)
    assert.deepEqual([(await store.call('c2'))?.error, (await store.call('c1'))?.status], [error, 'running'])
  })

  test('calls come newest first, by function, status and version, in pages', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    for (const id of ['c1', 'c2', 'c3', 'c4']) await store.acceptCall(call(id, 1))
    await store.acceptCall({ ...call('c5', 1), function: 'other' })
    for (const id of ['c1', 'c3']) await store.claimCall(id, by, id, 10)
    const first = await store.calls(KEY, {}, { limit: 3 })
    const second = await store.calls(KEY, {}, { limit: 3, cursor: first.cursor })
    const pages = [first, second].map(({ items }) => items.map(({ id }) => id))
    assert.deepEqual(pages, [
      ['c5', 'c4', 'c3'],
      ['c2', 'c1'],
    ])
    assert.equal(second.cursor, undefined)
    const ids = async (filter: Parameters<Store['calls']>[1]) =>
      (await store.calls(KEY, filter, PAGE)).items.map(({ id }) => id)
    assert.deepEqual(await ids({ function: 'work' }), ['c4', 'c3', 'c2', 'c1'])
    assert.deepEqual(await ids({ status: 'running' }), ['c3', 'c1'])
    assert.deepEqual(await ids({ version: 1, function: 'other' }), [])
    assert.deepEqual(await ids({ version: 1, status: 'running', function: 'work' }), ['c3', 'c1'])
    assert.deepEqual((await store.calls(KEY, { status: 'running' }, { limit: 1 })).items.length, 1)
  })

  test('calls that were made for another one are found by that, oldest first, in pages', async () => {
    const store = await makeStore()
    await live(store)
    await store.acceptCall(call('c1', 1))
    for (const id of ['c2', 'c3', 'c5'])
      await store.acceptCall({ ...call(id, 1), parent: 'c1', by: 'shop.work' })
    await store.acceptCall({ ...call('c4', 1), parent: 'c2' })
    const first = await store.childCalls('c1', { limit: 2 })
    const second = await store.childCalls('c1', { limit: 2, cursor: first.cursor })
    assert.deepEqual(
      [first, second].map(({ items }) => items.map(({ id }) => id)),
      [['c2', 'c3'], ['c5']],
    )
    assert.equal(second.cursor, undefined)
    const { parent, by } = (await store.call('c5')) ?? assert.fail()
    assert.deepEqual([parent, by], ['c1', 'shop.work'])
    assert.deepEqual((await store.childCalls('c4', PAGE)).items, [])
  })

  test('waiting calls are told by function and pin, and bound to a version once', async () => {
    const store = await makeStore()
    await live(store)
    for (const id of ['c1', 'c2']) await store.acceptCall(call(id, 1))
    await store.acceptCall({ ...call('c3', 1), pin: 7 })
    await store.acceptCall({ ...call('c4', 1), function: 'work-too' })
    const ids = async (name: string | undefined, pin?: number, limit = 10) =>
      (await store.pendingCalls(KEY, name, pin, limit)).map(({ id }) => id)
    assert.deepEqual(await ids('work'), ['c1', 'c2'])
    assert.deepEqual(await ids('work', undefined, 1), ['c1'])
    assert.deepEqual(await ids('work', 7), ['c3'])
    assert.deepEqual((await ids(undefined)).sort(), ['c1', 'c2', 'c3', 'c4'])
    await store.pinCalls(KEY, 'work', 1)
    assert.deepEqual(
      [await ids('work'), await ids('work', 1), await ids('work', 7)],
      [[], ['c1', 'c2'], ['c3']],
    )
    assert.equal((await store.call('c1'))?.pin, 1)
  })

  test('a call that is due and that nobody has taken is found, wherever it waits', async () => {
    const store = await makeStore()
    await live(store)
    const other = { ...KEY, app: 'other' }
    await live(store, { ...draft(), ...other })
    const by = await ready(store, 'a', 1)
    await store.acceptCall({ ...call('c1', 1), createdAt: 30 })
    await store.acceptCall({ ...call('c2', 1), ...other, createdAt: 20 })
    await store.acceptCall({ ...call('c3', 1), createdAt: 10 })
    await store.acceptCall({ ...call('c4', 1), createdAt: 40 })
    const ids = async (since: number, limit = 10) =>
      (await store.overdueCalls(since, limit)).map(({ id }) => id)
    assert.deepEqual(await ids(30), ['c3', 'c2', 'c1'])
    assert.deepEqual(await ids(30, 2), ['c3', 'c2'])
    await store.claimCall('c3', by, 'lease', 35)
    assert.deepEqual(await ids(35), ['c2', 'c1'])
    const again = { availableAt: 50, failed: true, error: { name: 'E', message: '' }, at: 36 }
    await store.releaseCall('c3', 'lease', again)
    assert.deepEqual(await ids(49), ['c2', 'c1', 'c4'])
  })

  test('a call of a schedule is active until it has ended; one of somebody else is none', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    const isActive = () => store.hasActiveScheduledCall(KEY, 'work')
    await store.acceptCall(call('c1', 1))
    assert.equal(await isActive(), false)
    await store.acceptCall({ ...call('c2', 1), source: 'schedule' })
    assert.equal(await isActive(), true)
    assert.equal(await store.hasActiveScheduledCall(KEY, 'wor'), false)
    await store.claimCall('c2', by, 'lease', 10)
    assert.equal(await isActive(), true)
    await store.finishCall('c2', 'lease', { status: 'succeeded', at: 11 })
    assert.equal(await isActive(), false)
  })

  test('a cancelled call takes no outcome, and one that has ended is not cancelled', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    await store.acceptCall(call('c', 1))
    await store.claimCall('c', by, 'lease', 10)
    const error = { name: 'Cancelled', message: 'Enough.' }
    assert.equal((await store.cancelCall('c', 11, error))?.status, 'running')
    assert.equal(await store.finishCall('c', 'lease', { status: 'succeeded', at: 12 }), false)
    assert.equal((await store.cancelCall('c', 13, error))?.status, 'cancelled')
    assert.equal((await store.call('c'))?.endedAt, 11)
  })

  test('demand tells what waits, what runs and what comes later, by function and pin', async () => {
    const store = await makeStore()
    await live(store)
    const by = await ready(store, 'a', 1)
    for (const id of ['c1', 'c2', 'c3']) await store.acceptCall(call(id, 1))
    await store.acceptCall({ ...call('p', 1), pin: 1 })
    await store.claimCall('c1', by, 'l1', 10)
    await store.claimCall('c2', by, 'l2', 10)
    const again = { availableAt: 500, failed: true, error: { name: 'E', message: '' }, at: 11 }
    await store.releaseCall('c2', 'l2', again)
    await store.setWaiting({ ...KEY, function: 'page' }, 3)
    const demand = await store.demand(KEY, 100)
    const byName = demand.sort((a, b) => a.function.localeCompare(b.function) || (a.pin ?? 0) - (b.pin ?? 0))
    assert.deepEqual(byName, [
      { function: 'page', pending: 0, running: 0, waiting: 3 },
      { function: 'work', pending: 1, running: 1, waiting: 0, nextDueAt: 500 },
      { function: 'work', pin: 1, pending: 1, running: 0, waiting: 0 },
    ])
    await store.claimCall('p', by, 'l3', 100)
    const ofPin = (await store.demand(KEY, 100)).find(({ pin }) => pin === 1)
    assert.deepEqual(ofPin, { function: 'work', pin: 1, pending: 0, running: 1, waiting: 0 })
    await store.setWaiting({ ...KEY, function: 'page' }, 0)
    await store.finishCall('p', 'l3', { status: 'succeeded', at: 101 })
    const left = (await store.demand(KEY, 600)).filter(({ pending, running }) => pending + running > 0)
    assert.deepEqual(left, [{ function: 'work', pending: 2, running: 1, waiting: 0 }])
  })
}
