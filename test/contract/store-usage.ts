import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../control/store-port.ts'
import { addUsage, noUsage, SLOT_MS } from '../../protocol/usage.ts'
import type { UsageReport } from '../../protocol/usage-report.ts'
import { container, KEY, ready } from './store-records.ts'

const HOUR_MS = 3_600_000
const ALL = { since: 0, until: 10 * HOUR_MS, by: 'slot' } as const

function report(sequence: number, counts: Partial<UsageReport> = {}): UsageReport {
  return { ...noUsage(), sequence, at: 0, ...counts }
}

/** What every store promises of usage. */
export function usageStoreContract(makeStore: () => Promise<Store>): void {
  test('reports of many containers add up, each once, however often and in whatever order they come', async () => {
    const store = await makeStore()
    const of = [await ready(store, 'a', 1), await ready(store, 'b', 1), await ready(store, 'c', 1)]
    const first = report(1, { calls: 2, errors: 1, busyMs: 70, durations: { 3: 1, 40: 1 }, waits: { 0: 2 } })
    const second = report(2, { requests: 4, serverErrors: 3, durations: { 40: 4 } })
    const tell = (counts: UsageReport) => of.map((one) => store.containerReported(one, 0, 5, counts))
    assert.deepEqual(await Promise.all(tell(first)), [true, true, true])
    const again = await Promise.all([...tell(second), ...tell(second), ...tell(first)])
    assert.equal(again.filter(Boolean).length, 3)
    const added = noUsage()
    for (const _ of of) for (const counts of [first, second]) addUsage(added, counts)
    assert.deepEqual(await store.usage(KEY, ALL), [{ at: 0, function: 'work', version: 1, ...added }])
  })

  test('a report is a sign of life, and no word of a container that has stopped', async () => {
    const store = await makeStore()
    const one = await ready(store, 'a', 1)
    await store.containerReported(one, 3, 9, report(1, { requests: 1 }))
    const { seenAt, requests, idleSince } = (await store.container('a')) ?? assert.fail()
    assert.deepEqual([seenAt, requests, idleSince], [9, 3, undefined])
    await store.containerStopped('a', 'exited', 10)
    assert.equal(await store.containerReported(one, 0, 11, report(2, { requests: 1 })), false)
    assert.equal((await store.usage(KEY, ALL))[0]?.requests, 1)
  })

  test('usage is found by its app and its time, by slot and by hour', async () => {
    const store = await makeStore()
    const [one, two] = [await ready(store, 'a', 1), await ready(store, 'b', 2)]
    const other = { ...container('x'), app: 'shop2' }
    await store.reserveContainer(other, { expect: 0, max: 1 })
    const times = [0, SLOT_MS, HOUR_MS - SLOT_MS, HOUR_MS]
    for (const [i, at] of times.entries())
      await store.containerReported(one, 0, 5, report(i + 1, { at, calls: 1 }))
    await store.containerReported(two, 0, 5, report(1, { at: SLOT_MS, calls: 10 }))
    await store.containerReported(other, 0, 5, report(1, { calls: 100 }))
    const calls = async (range: Parameters<Store['usage']>[1]) =>
      (await store.usage(KEY, range)).map((row) => [row.at, row.version, row.calls])
    assert.deepEqual(await calls({ since: SLOT_MS, until: HOUR_MS, by: 'slot' }), [
      [SLOT_MS, 1, 1],
      [SLOT_MS, 2, 10],
      [HOUR_MS - SLOT_MS, 1, 1],
    ])
    assert.deepEqual(await calls({ since: 0, until: 2 * HOUR_MS, by: 'hour' }), [
      [0, 1, 3],
      [0, 2, 10],
      [HOUR_MS, 1, 1],
    ])
  })

  test('calls and requests of a version are summed from the slot on in which its time began', async () => {
    const store = await makeStore()
    const [one, two] = [await ready(store, 'a', 1), await ready(store, 'b', 2)]
    await store.containerReported(one, 0, 5, report(1, { calls: 5, errors: 4 }))
    await store.containerReported(one, 0, 5, report(2, { at: SLOT_MS, calls: 3, errors: 1 }))
    await store.containerReported(
      one,
      0,
      5,
      report(3, { at: 3 * SLOT_MS, calls: 1, requests: 2, serverErrors: 1 }),
    )
    await store.containerReported(two, 0, 5, report(1, { at: SLOT_MS, calls: 7, errors: 7 }))
    const since = SLOT_MS + 1
    assert.deepEqual(await store.usageOf(KEY, { version: 1, since }), { calls: 6, errors: 2 })
    assert.deepEqual(await store.usageOf(KEY, { version: 3, since }), { calls: 0, errors: 0 })
  })

  test('a container that ran is known by its times after it has stopped; one that had no room is not', async () => {
    const store = await makeStore()
    const sized = { ...container('a'), cpu: 0.5, memory: 1024 }
    await store.reserveContainer(sized, { expect: 0, max: 9 })
    await store.reserveContainer(container('b'), { expect: 1, max: 9 })
    await store.reserveContainer(container('never'), { expect: 2, max: 9 })
    await store.containerLaunched('a')
    await store.containerReady('a', undefined, 4)
    await store.drainContainer('a', { deadline: 99, reason: 'v2 is live', at: 7 })
    await Promise.all([store.containerStopped('a', 'exited', 9), store.containerStopped('a', 'killed', 9)])
    await store.containerStopped('b', 'exited', 20)
    await store.containerFailed('never', { kind: 'refused', message: 'no room', logs: [] })
    await store.containerStopped('never', 'no room', 21)
    const { env, app } = KEY
    const life = { env, app, id: 'a', function: 'work', version: 1, cpu: 0.5, memory: 1024 }
    const [a, b, ...others] = await store.lives(KEY, 9)
    assert.deepEqual(a, { ...life, startedAt: 1, readyAt: 4, drainingAt: 7, stoppedAt: 9 })
    assert.deepEqual([b?.id, b?.stoppedAt, others], ['b', 20, []])
    assert.deepEqual(
      (await store.lives(KEY, 10)).map(({ id }) => id),
      ['b'],
    )
    assert.deepEqual(await store.lives({ ...KEY, app: 'sho' }, 0), [])
  })
}
