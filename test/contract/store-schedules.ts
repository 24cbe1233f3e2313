import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Firing } from '../../control/schedule-model.ts'
import type { Store } from '../../control/store-port.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { KEY, PAGE } from './store-records.ts'

const HOURLY: Schedule = { type: 'period', seconds: 3600 }
const DAILY: Schedule = { type: 'cron', expression: '0 6 * * *', timezone: 'Europe/Paris' }
const ALL = { since: 0, limit: 100 }

/** What every implementation of the store promises of schedules. */
export function scheduleStoreContract(makeStore: () => Promise<Store>): void {
  describe('schedules', () => {
    it('are what the latest version says, and a late word of an older one is void', async () => {
      const store = await makeStore()
      const set = (version: number, schedule: Schedule, anchor: number) =>
        store.setSchedule(KEY, version, { ...wanted, schedule, anchor, expectedAt: anchor + 1 })
      assert.equal((await set(2, HOURLY, 20)).anchor, 20)
      assert.equal((await set(2, HOURLY, 21)).anchor, 20, 'two at once agree on where it counts from')
      assert.equal((await set(1, DAILY, 10)).anchor, 20)
      await store.dropSchedule(KEY, 'work', 1)
      assert.deepEqual(await store.schedules(KEY), [
        { ...KEY, ...wanted, version: 2, schedule: HOURLY, anchor: 20, expectedAt: 21 },
      ])
      assert.deepEqual((await set(3, DAILY, 30)).schedule, DAILY)
      assert.deepEqual(await store.schedules({ ...KEY, app: 'sho' }), [])
    })

    it('that were taken away are not expected, and keep their phases; what took them away stands', async () => {
      const store = await makeStore()
      await store.setSchedule(KEY, 1, { ...wanted, expectedAt: 21 })
      await store.dropSchedule(KEY, 'work', 2)
      const left = { ...KEY, function: 'work', version: 2, phases: wanted.phases }
      assert.deepEqual(await store.schedule(KEY, 'work'), left)
      assert.deepEqual(await store.setSchedule(KEY, 1, { ...wanted, expectedAt: 21 }), left)
      await store.expectFiring(KEY, 'work', 21, 31)
      assert.deepEqual(await store.overdueSchedules(100, 10), [])
    })

    it('are found once their slot is overdue, the longest overdue first', async () => {
      const store = await makeStore()
      const other = { ...KEY, app: 'blog' }
      await store.setSchedule(KEY, 1, { ...wanted, expectedAt: 50 })
      await store.setSchedule(KEY, 1, { ...wanted, function: 'more', expectedAt: 101 })
      await store.setSchedule(other, 1, { ...wanted, expectedAt: 40 })
      await store.setSchedule({ ...KEY, app: 'rare' }, 1, wanted)
      const overdue = async () => (await store.overdueSchedules(100, 10)).map((it) => [it.app, it.function])
      assert.deepEqual(await overdue(), [
        ['blog', 'work'],
        ['shop', 'work'],
      ])
      assert.equal((await store.overdueSchedules(100, 1)).length, 1)
      await store.expectFiring(other, 'work', 39, 200)
      assert.equal((await overdue()).length, 2, 'another slot than the expected one')
      await store.expectFiring(other, 'work', 40, 140)
      assert.deepEqual(await overdue(), [['shop', 'work']])
      assert.equal((await store.schedule(other, 'work'))?.expectedAt, 140)
      await store.expectFiring(KEY, 'work', 50, undefined)
      assert.deepEqual(await overdue(), [])
    })

    it('stay paused over versions, by whom they first were, until they are resumed', async () => {
      const store = await makeStore()
      const pause = { at: 5, by: 'ann', reason: 'moving' }
      assert.equal(await store.resumeSchedule(KEY, 'work', 1, entry('none')), false)
      assert.equal(await store.pauseSchedule(KEY, 'work', pause, entry('a')), true)
      assert.equal(await store.pauseSchedule(KEY, 'work', { ...pause, by: 'bob' }, entry('b')), false)
      await store.setSchedule(KEY, 1, { ...wanted, expectedAt: 21 })
      const paused = { pausedAt: 5, pausedBy: 'ann', pauseReason: 'moving' }
      const set = { ...KEY, ...wanted, version: 1, expectedAt: 21 }
      assert.deepEqual(await store.schedule(KEY, 'work'), { ...set, ...paused })
      assert.equal(await store.resumeSchedule(KEY, 'work', 9, entry('c')), true)
      assert.equal(await store.resumeSchedule(KEY, 'work', 10, entry('d')), false)
      assert.deepEqual(await store.schedule(KEY, 'work'), { ...set, ...paused, resumedAt: 9 })
      assert.equal(await store.pauseSchedule(KEY, 'work', { ...pause, at: 11 }, entry('e')), true)
      assert.equal((await store.schedule(KEY, 'work'))?.resumedAt, undefined)
      assert.deepEqual(await recorded(store), ['e', 'c', 'a'])
    })

    it('have one record of each slot: the first, or the one with a call', async () => {
      const store = await makeStore()
      const skipped: Firing = { ...fired(60), outcome: 'skipped' }
      await store.recordFiring(skipped)
      await store.recordFiring({ ...fired(60), outcome: 'missed', reason: 'late word' })
      assert.deepEqual(await store.firing(KEY, 'work', 60), skipped)
      await store.recordFiring({ ...fired(60), call: 'ca-1' })
      await store.recordFiring({ ...fired(60), call: 'ca-2' })
      await store.recordFiring(skipped)
      assert.deepEqual(await store.firing(KEY, 'work', 60), { ...fired(60), call: 'ca-1' })
      assert.equal(await store.firing(KEY, 'wor', 60), undefined)
    })

    it('list what became of slots and of runs by hand, newest first, each once', async () => {
      const store = await makeStore()
      const run: Firing = { ...fired(60), outcome: 'triggered', call: 'ca-3', by: 'ann', reason: 'now' }
      await store.recordFiring(run, entry('a'))
      await store.recordFiring(run, entry('b'))
      for (const slot of [60, 180, 120]) await store.recordFiring(fired(slot))
      await store.recordFiring({ ...fired(60), function: 'worker' })
      const slots = async (extent: typeof ALL) =>
        (await store.firings(KEY, 'work', extent)).map(({ slot, outcome }) => [slot, outcome])
      assert.deepEqual(await slots(ALL), [
        [180, 'fired'],
        [120, 'fired'],
        [60, 'triggered'],
        [60, 'fired'],
      ])
      assert.deepEqual(await slots({ since: 120, limit: 1 }), [[180, 'fired']])
      assert.deepEqual(await slots({ since: 120, limit: 9 }), [
        [180, 'fired'],
        [120, 'fired'],
      ])
      const [, , found] = await store.firings(KEY, 'work', ALL)
      assert.deepEqual(found, run)
      assert.deepEqual(await recorded(store), ['a'])
    })
  })
}

const wanted = {
  function: 'work',
  schedule: HOURLY,
  anchor: 20,
  phases: [{ seconds: 3600, anchor: 20 }],
}

/** Far in the future is when it may be forgotten: DynamoDB goes by its own clock. */
const fired = (slot: number): Firing => ({
  ...KEY,
  function: 'work',
  slot,
  at: slot + 1,
  outcome: 'fired',
  forgetAt: 4e12,
})

const entry = (id: string): AuditEntry => ({ ...KEY, id, at: 1, action: 'schedule.paused', by: 'ann' })

async function recorded(store: Store): Promise<string[]> {
  return (await store.auditEntries(KEY.env, KEY.app, PAGE)).items.map(({ id }) => id)
}
