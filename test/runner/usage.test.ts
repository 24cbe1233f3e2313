import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUsage, noUsage, SLOT_MS, type UsageCounts } from '../../protocol/usage.ts'
import { UsageReport } from '../../protocol/usage-report.ts'
import { Usage } from '../../runner/usage.ts'
import { send } from '../fixtures/http-client.ts'
import { startContainer } from './container.ts'
import type { ControlPlane } from './control-plane.ts'
import { startWeb } from './web-container.ts'

const LIMIT = { timeout: 30_000 }
const HOST = 'fixture.localhost'
const MINUTE_MS = 60_000
const HOUR_SECONDS = 3_600
const DONE = { status: 'succeeded', ms: 10, waitedMs: 2 } as const

/** What a container did, at times that the test sets. */
class Watch {
  now = SLOT_MS
  readonly usage = new Usage(MINUTE_MS, () => this.now)

  /** What is told now, as the control plane takes it, and accepted by it. */
  told(): UsageReport {
    const report = UsageReport.parse(this.usage.report())
    this.usage.accepted(report)
    return report
  }

  rest(): UsageReport[] {
    this.usage.conclude()
    const reports: UsageReport[] = []
    while (this.usage.report()) reports.push(this.told())
    return reports
  }
}

function sumOf(reports: UsageCounts[]): UsageCounts {
  const sum = noUsage()
  for (const report of reports) addUsage(sum, report)
  return sum
}

/** All that the control plane was told, each report once. */
function reportedTo({ heartbeats }: ControlPlane): UsageCounts {
  const reports = heartbeats.flatMap(({ stats }) => (stats ? [[stats.sequence, stats] as const] : []))
  return sumOf([...new Map(reports).values()])
}

test('nothing is reported where nothing was done, and what was done once a minute', () => {
  const watch = new Watch()
  assert.equal(watch.usage.report(), undefined)
  watch.usage.executed(DONE)
  assert.deepEqual([watch.told().calls, watch.usage.report()], [1, undefined])
  watch.usage.executed(DONE)
  watch.now += MINUTE_MS - 1
  assert.equal(watch.usage.report(), undefined)
  watch.usage.executed(DONE)
  watch.now += 1
  const { sequence, calls, durations, waits } = watch.told()
  assert.deepEqual([sequence, calls, Object.values(durations), Object.values(waits)], [2, 2, [2], [2]])
})

test('a clock that is set back by an hour does not have the reports wait for an hour', () => {
  const watch = new Watch()
  watch.now += 2 * HOUR_SECONDS * 1_000
  watch.usage.executed(DONE)
  watch.told()
  watch.now -= HOUR_SECONDS * 1_000
  watch.usage.executed(DONE)
  assert.equal(watch.told().calls, 1)
  assert.equal(watch.usage.report(), undefined)
})

test('a report stays as it was told until it is accepted, and what happens since is in the next one', () => {
  const watch = new Watch()
  watch.usage.executed(DONE)
  const first = structuredClone(watch.usage.report()) ?? assert.fail()
  watch.now += 2 * MINUTE_MS
  watch.usage.executed({ ...DONE, status: 'timed_out' })
  assert.deepEqual(watch.usage.report(), first)
  watch.usage.accepted({ ...first, sequence: 7 })
  assert.deepEqual(watch.usage.report(), first, 'it was another one that was accepted')
  watch.usage.accepted(first)
  const { calls, errors, timeouts } = watch.told()
  assert.deepEqual([calls, errors, timeouts], [1, 1, 1])
})

test('an hour without a control plane is a report for each slot of five minutes', () => {
  const watch = new Watch()
  for (let minute = 0; minute < 60; minute += 1) {
    watch.usage.executed(DONE)
    watch.usage.report()
    watch.now += MINUTE_MS
  }
  const reports = watch.rest()
  assert.equal(sumOf(reports).calls, 60)
  // The first was told, so the rest of its slot had to be another one.
  assert.equal(reports.length, 13)
})

test('time at work is counted as it passes, in the slots that it passes in, and not while draining', () => {
  const watch = new Watch()
  watch.now = 2 * SLOT_MS - 10_000
  watch.usage.working(true)
  watch.now += 4_000
  assert.equal(watch.told().busyMs, 4_000)
  watch.now += 9_000
  watch.usage.working(false)
  watch.now += 50_000
  const busy = watch.rest().map(({ at, busyMs }) => [at, busyMs])
  assert.deepEqual(busy, [
    [SLOT_MS, 6_000],
    [2 * SLOT_MS, 3_000],
  ])
})

test('a clock that is put right makes no report that would be refused', () => {
  const watch = new Watch()
  watch.usage.working(true)
  watch.now += 10 * SLOT_MS
  watch.usage.executed(DONE)
  watch.now -= 7 * SLOT_MS
  watch.usage.working(false)
  assert.equal(sumOf(watch.rest()).calls, 1)
})

test('what was lost with its process is no call', () => {
  const watch = new Watch()
  watch.usage.executed({ ...DONE, status: 'lost' })
  assert.deepEqual(watch.rest(), [])
})

test('a container has told of every call when it has gone', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'crashes-at-work.mjs',
    function: 'crashesAtWork',
    configure: (unstarted) => {
      unstarted.reportEvery = HOUR_SECONDS
    },
  })
  // The first takes its process with it, so that there is time to be counted.
  await plane.call('ca-1', [])
  for (const id of ['ca-2', 'ca-3']) await plane.call(id, ['pid'])
  plane.direct('exit')
  await container.exited
  const { calls, errors, timeouts, requests, durations, waits, busyMs } = reportedTo(plane)
  assert.deepEqual([calls, errors, timeouts, requests], [3, 1, 0, 0])
  assert.deepEqual([total(durations), total(waits)], [3, 3])
  assert.ok(busyMs > 0)
})

test(
  'a web container has told of every request, and of those that its process died under',
  LIMIT,
  async (t) => {
    const { plane, container, address, until } = await startWeb(t)
    const pid = Number((await send(address, HOST, { path: '/pid' })).body)
    for (const path of ['/echo', '/nowhere', '/throws']) await send(address, HOST, { path })
    await plane.changes.until(() => reportedTo(plane).requests === 4)
    await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
    const broken = send(address, HOST, { path: `/slow?${until('never')}` })
    await plane.gates.arrival('never')
    await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 1)
    process.kill(pid, 'SIGKILL')
    await assert.rejects(broken)
    await container.logged('ready again')
    plane.direct('exit')
    await container.exited
    const { calls, requests, serverErrors, durations } = reportedTo(plane)
    assert.deepEqual([calls, requests, serverErrors, total(durations)], [0, 5, 2, 4])
  },
)

const total = (histogram: UsageCounts['durations']): number =>
  Object.values(histogram).reduce((sum, times) => sum + times, 0)
