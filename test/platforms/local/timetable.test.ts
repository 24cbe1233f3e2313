import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Database } from '../../../platforms/local/store/database.ts'
import { LocalTimetable } from '../../../platforms/local/timetable.ts'
import { SqliteTimetableRows } from '../../../platforms/local/timetable-rows.ts'
import type { Schedule } from '../../../protocol/manifest.ts'
import { type Fired, START, timetableContract } from '../../contract/timetable.ts'
import { VirtualTime } from './virtual-time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SHOP = { env: 'main', app: 'shop' }
const HOURLY: Schedule = { type: 'cron', expression: '0 * * * *', timezone: 'UTC' }
const QUARTERLY: Schedule = { type: 'period', seconds: 900 }

/** A timetable that can be ended and begun again on the same rows. */
function scene(start = START, database = new Database(':memory:')) {
  const time = new VirtualTime(start)
  const fired: Fired[] = []
  const given: string[] = []
  const faults: Error[] = []
  const waits: Promise<void>[] = []
  const begin = () => {
    const timetable = new LocalTimetable({
      rows: new SqliteTimetableRows(database),
      clock: time,
      timers: time,
      onFire: async ({ app, function: name }, slot) => {
        fired.push({ app, function: name, slot: new Date(slot).toISOString() })
        await waits.shift()
        const fault = faults.shift()
        if (fault) throw fault
      },
      onError: (_, row, slot) => given.push(`${row.function} ${new Date(slot).toISOString()}`),
    })
    timetable.start()
    return timetable
  }
  const sync = (timetable: LocalTimetable, schedule: Schedule, anchor = time.now()) =>
    timetable.sync(SHOP, 1, [{ function: 'refresh', schedule, anchor }], time.now())
  const slots = () => fired.map(({ slot }) => slot.slice(11, 19))
  return { time, database, fired, given, faults, waits, begin, sync, slots }
}

function onDisk(t: TestContext): Database {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-timetable-'))
  const database = new Database(join(folder, 'store.sqlite'))
  t.after(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })
  return database
}

timetableContract('LocalTimetable', async (start) => {
  const { time, fired, begin } = scene(start)
  const timetable = begin()
  return {
    timetable,
    now: () => time.now(),
    advance: (ms) => time.advance(ms),
    fired: () => fired,
    close: () => timetable.close(),
  }
})

describe('LocalTimetable', () => {
  it('makes up for the latest slot that was missed while it was down, at once and once', async () => {
    const { time, begin, sync, slots } = scene()
    const before = begin()
    await sync(before, HOURLY)
    await time.advance(HOUR)
    await before.close()
    await time.advance(5 * HOUR)
    const after = begin()
    await time.advance(0)
    assert.deepEqual(slots(), ['01:00:00', '06:00:00'])
    await time.advance(HOUR)
    assert.deepEqual(slots(), ['01:00:00', '06:00:00', '07:00:00'])
    await after.close()
  })

  it('fires nothing twice because it was begun again', async () => {
    const { time, begin, sync, slots } = scene()
    const before = begin()
    await sync(before, QUARTERLY)
    await time.advance(20 * MINUTE)
    await before.close()
    const after = begin()
    await time.advance(5 * MINUTE)
    assert.deepEqual(slots(), ['00:15:30'])
    await time.advance(5 * MINUTE)
    assert.deepEqual(slots(), ['00:15:30', '00:30:30'])
    await after.close()
  })

  it('fires a slot again whose firing was not seen to end', async () => {
    const { time, database, begin, sync, slots } = scene()
    const before = begin()
    await sync(before, QUARTERLY)
    await time.advance(15 * MINUTE)
    await before.close()
    database.run('update timetable set last_slot = null')
    const after = begin()
    await time.advance(0)
    assert.deepEqual(slots(), ['00:15:30', '00:15:30'])
    await after.close()
  })

  it('begins a changed schedule anew, with nothing to make up for', async () => {
    const { time, begin, sync, slots } = scene()
    const timetable = begin()
    await sync(timetable, HOURLY)
    await time.advance(10 * HOUR)
    await sync(timetable, QUARTERLY)
    await time.advance(0)
    assert.equal(slots().length, 10)
    await time.advance(15 * MINUTE)
    assert.deepEqual(slots().slice(10), ['10:15:30'])
    await timetable.close()
  })

  it('tries a slot that fails again after a second', async () => {
    const { time, faults, given, begin, sync, slots } = scene()
    faults.push(new Error('not now'), new Error('not now'))
    const timetable = begin()
    await sync(timetable, QUARTERLY)
    await time.advance(15 * MINUTE + 1_999)
    assert.equal(slots().length, 2)
    await time.advance(10 * MINUTE)
    assert.deepEqual([slots(), given], [['00:15:30', '00:15:30', '00:15:30'], []])
    await timetable.close()
  })

  it('gives a slot up after six tries, says so, and goes on with the next one', async () => {
    const { time, faults, given, begin, sync, slots } = scene()
    for (let times = 0; times < 6; times++) faults.push(new Error('not now'))
    const timetable = begin()
    await sync(timetable, QUARTERLY)
    await time.advance(30 * MINUTE)
    assert.deepEqual(slots(), [...Array(6).fill('00:15:30'), '00:30:30'])
    assert.deepEqual(given, ['refresh 2040-01-01T00:15:30.000Z'])
    await timetable.close()
  })

  it('counts the failures of each slot by themselves', async () => {
    const { time, faults, given, begin, sync, slots } = scene()
    const timetable = begin()
    await sync(timetable, QUARTERLY)
    for (let times = 0; times < 2; times++) {
      faults.push(...Array.from({ length: 4 }, () => new Error('not now')))
      await time.advance(16 * MINUTE)
    }
    assert.deepEqual([slots().length, given], [10, []])
    await timetable.close()
  })

  it('does not mind that a schedule changes while it is being fired', async () => {
    const { time, waits, database, begin, sync, slots } = scene()
    const timetable = begin()
    await sync(timetable, QUARTERLY)
    waits.push(new Promise((resolve) => time.after(20 * MINUTE, resolve)))
    await time.advance(16 * MINUTE)
    await sync(timetable, HOURLY)
    const lastSlot = () => database.get('select last_slot from timetable')?.last_slot
    const changedAt = lastSlot()
    await time.advance(10 * MINUTE)
    assert.equal(lastSlot(), changedAt)
    await time.advance(40 * MINUTE)
    assert.deepEqual(slots(), ['00:15:30', '01:00:00'])
    await timetable.close()
  })

  it('closes once what is being fired has ended', async () => {
    const { time, waits, database, begin, sync } = scene()
    const timetable = begin()
    await sync(timetable, QUARTERLY)
    waits.push(new Promise((resolve) => time.after(20 * MINUTE, resolve)))
    await time.advance(15 * MINUTE)
    let isClosed = false
    const closed = timetable.close().then(() => {
      isClosed = true
    })
    await time.advance(4 * MINUTE)
    assert.equal(isClosed, false)
    await time.advance(MINUTE)
    await closed
    const row = database.get('select last_slot from timetable')
    assert.equal(row?.last_slot, Date.parse(START) + 15 * MINUTE)
  })

  it('leaves the rows as they were when new ones cannot be written', async () => {
    const { database } = scene()
    const rows = new SqliteTimetableRows(database)
    const row = { ...SHOP, function: 'refresh', schedule: HOURLY, anchor: 1 }
    await rows.replace(SHOP, [row])
    await assert.rejects(rows.replace(SHOP, [{ ...row, anchor: 2 }, row]))
    assert.deepEqual(rows.load(), [row])
  })

  it('has its rows written while others are still to be committed', async (t) => {
    const database = onDisk(t)
    const rows = new SqliteTimetableRows(database)
    const row = { ...SHOP, function: 'refresh', schedule: HOURLY, anchor: 1 }
    database.transaction(() => rows.fired(row, 1))
    await rows.replace(SHOP, [row])
    assert.deepEqual(rows.load(), [row])
  })

  it('writes again what a commit that failed has taken back', async (t) => {
    const database = onDisk(t)
    const { begin, sync } = scene(START, database)
    const timetable = begin()
    const lost = sync(timetable, HOURLY)
    // As SQLite does when the disk is full.
    database.connection.exec('rollback')
    await assert.rejects(lost)
    await sync(timetable, HOURLY, Date.parse(START))
    assert.equal(new SqliteTimetableRows(database).load().length, 1)
    await timetable.close()
  })

  it('writes nothing when a sync changes nothing', async () => {
    const { database, time, begin, sync } = scene()
    const timetable = begin()
    await sync(timetable, HOURLY)
    const changes = () => database.get('select total_changes() as n')?.n
    const before = changes()
    await time.advance(MINUTE)
    await sync(timetable, { ...HOURLY }, Date.parse(START))
    assert.equal(changes(), before)
    await timetable.close()
  })

  it('runs one timer for all schedules', async () => {
    const { time, begin } = scene()
    const timetable = begin()
    for (let index = 0; index < 100; index++) {
      const key = { env: 'main', app: `app-${index}` }
      await timetable.sync(
        key,
        1,
        [{ function: 'refresh', schedule: QUARTERLY, anchor: time.now() }],
        time.now(),
      )
    }
    assert.equal(time.timers, 1)
    await timetable.close()
    assert.equal(time.timers, 0)
  })
})
