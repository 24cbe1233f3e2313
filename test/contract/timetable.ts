import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import type { Timetable } from '../../control/ports.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { type Conditions, itExcept } from './conditions.ts'

export interface Fired {
  app: string
  function: string
  /** The scheduled time, as `toISOString` writes it. */
  slot: string
}

export interface TimetableRig {
  timetable: Timetable
  now(): number
  /** Lets time pass, or waits for it to. */
  advance(ms: number): Promise<void>
  /** What has fired so far, in order; the same slot may come more than once. */
  fired(): Fired[]
  close(): Promise<void>
}

/** In the future, as AWS begins nothing in the past. */
export const START = '2040-01-01T00:00:30Z'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SHOP = { env: 'main', app: 'shop' }

const cron = (expression: string, timezone = 'UTC'): Schedule => ({ type: 'cron', expression, timezone })
const period = (seconds: number): Schedule => ({ type: 'period', seconds })

/** What authors rely on when they schedule. Time begins at START, or where a test says. */
export function timetableContract(
  name: string,
  makeTimetable: (start?: string) => Promise<TimetableRig>,
  conditions: Conditions = {},
): void {
  const it = itExcept(conditions)
  describe(`${name} as a timetable`, { skip: conditions.skip ?? false }, () => {
    const scene = async (t: TestContext, start?: string) => {
      const rig = await makeTimetable(start)
      t.after(() => rig.close())
      const sync = (schedules: Record<string, Schedule>, app = SHOP, version = 1, anchor = rig.now()) =>
        rig.timetable.sync(
          app,
          version,
          Object.entries(schedules).map(([name, schedule]) => ({ function: name, schedule, anchor })),
          rig.now(),
        )
      const slots = (name: string) =>
        rig.fired().flatMap((fired) => (fired.function === name ? [fired.slot] : []))
      return { ...rig, sync, slots }
    }

    it('fires a cron at each of its times, in its time zone', async (t) => {
      const { sync, advance, slots } = await scene(t)
      await sync({ daily: cron('0 6 * * *', 'Asia/Tokyo') })
      await advance(2 * DAY)
      assert.deepEqual(slots('daily'), ['2040-01-01T21:00:00.000Z', '2040-01-02T21:00:00.000Z'])
    })

    it('comes once, at the end of the leap, where the clock leaps over its time, and every hour all the same', async (t) => {
      const { sync, advance, slots } = await scene(t, '2040-03-24T20:00:30Z')
      await sync({
        paris: cron('30 2 * * *', 'Europe/Paris'),
        twice: cron('15,45 2 * * *', 'Europe/Paris'),
        hourly: cron('30 * * * *', 'Europe/Paris'),
        even: cron('0 */2 * * *', 'Europe/Paris'),
      })
      await advance(12 * HOUR)
      assert.deepEqual(slots('paris'), ['2040-03-25T01:00:00.000Z'])
      assert.deepEqual(slots('twice'), ['2040-03-25T01:00:00.000Z'])
      assert.equal(new Set(slots('hourly')).size, 12)
      const hours = (name: string) => slots(name).map((slot) => Number(slot.slice(11, 13)))
      assert.deepEqual(hours('even'), [21, 23, 2, 4, 6, 8])
    })

    it('comes once where the clock shows its time twice, and every hour all the same', async (t) => {
      const { sync, advance, slots } = await scene(t, '2040-10-27T20:00:30Z')
      await sync({
        paris: cron('30 2 * * *', 'Europe/Paris'),
        hourly: cron('30 * * * *', 'Europe/Paris'),
        working: cron('30 0-6 * * *', 'Europe/Paris'),
      })
      await advance(12 * HOUR)
      assert.deepEqual(slots('paris'), ['2040-10-28T00:30:00.000Z'])
      assert.equal(new Set(slots('hourly')).size, 12)
      assert.equal(new Set(slots('working')).size, 7)
    })

    it('follows the clocks of each zone by its own rules', async (t) => {
      const { sync, advance, slots } = await scene(t, '2040-03-10T20:00:30Z')
      await sync({
        newYork: cron('30 2 * * *', 'America/New_York'),
        paris: cron('30 2 * * *', 'Europe/Paris'),
        kolkata: cron('30 2 * * *', 'Asia/Kolkata'),
      })
      await advance(DAY)
      assert.deepEqual(slots('newYork'), ['2040-03-11T07:00:00.000Z'])
      assert.deepEqual(slots('paris'), ['2040-03-11T01:30:00.000Z'])
      assert.deepEqual(slots('kolkata'), ['2040-03-10T21:00:00.000Z'])
    })

    it('fires a period one period after it was set, and then again and again', async (t) => {
      const { sync, advance, slots } = await scene(t)
      await sync({ often: period(90) })
      await advance(MINUTE)
      assert.deepEqual(slots('often'), [])
      await advance(2 * MINUTE)
      assert.deepEqual(slots('often'), ['2040-01-01T00:02:00.000Z', '2040-01-01T00:03:30.000Z'])
    })

    it('fires a period in the phase that it is given, whenever it is set, and nothing that had passed before', async (t) => {
      const { sync, advance, slots, now } = await scene(t)
      const anchor = now()
      await sync({ often: period(3600) })
      await advance(59 * MINUTE)
      await sync({ often: period(3600), other: period(7200) }, SHOP, 2, anchor)
      await advance(MINUTE)
      assert.deepEqual(slots('often'), ['2040-01-01T01:00:30.000Z'])
      await advance(MINUTE)
      await sync({ often: period(1800) }, SHOP, 3)
      await advance(30 * MINUTE)
      assert.deepEqual(slots('often').slice(1), ['2040-01-01T01:31:30.000Z'])
      await advance(100 * MINUTE)
      const before = slots('often').length
      await sync({ often: period(3600) }, SHOP, 4, anchor)
      await advance(MINUTE)
      assert.equal(slots('often').length, before)
      await advance(HOUR)
      assert.deepEqual(slots('often').slice(before), ['2040-01-01T04:00:30.000Z'])
    })

    it('hears no version once a later one has spoken', async (t) => {
      const { sync, advance, slots } = await scene(t)
      await sync({}, SHOP, 2)
      await sync({ late: cron('* * * * *') }, SHOP, 1)
      await advance(2 * MINUTE)
      assert.deepEqual(slots('late'), [])
    })

    it('fires no schedule that was taken out', async (t) => {
      const { sync, advance, slots } = await scene(t)
      await sync({ minutely: cron('* * * * *'), hourly: cron('0 * * * *') })
      await advance(MINUTE)
      await sync({ hourly: cron('0 * * * *') })
      await advance(HOUR)
      assert.deepEqual(slots('minutely'), ['2040-01-01T00:01:00.000Z'])
      await sync({})
      await advance(DAY)
      assert.deepEqual(slots('hourly'), ['2040-01-01T01:00:00.000Z'])
    })

    it('keeps apps apart', async (t) => {
      const { sync, advance, fired } = await scene(t)
      await sync({ hourly: cron('0 * * * *') })
      await sync({ hourly: cron('0 * * * *') }, { env: 'main', app: 'blog' })
      await sync({})
      await advance(HOUR)
      assert.deepEqual(fired(), [{ app: 'blog', function: 'hourly', slot: '2040-01-01T01:00:00.000Z' }])
    })
  })
}
