import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { listSchedules } from '../../control/describe-schedules.ts'
import { rollback } from '../../control/rollback.ts'
import { pauseSchedule, resumeSchedule, triggerSchedule } from '../../control/schedule-requests.ts'
import { stop } from '../../control/stop.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { DAY, HOUR, MINUTE, ScheduleScene } from './schedule-scene.ts'
import { SHOP } from './shop.ts'

const HOURLY: Schedule = { type: 'cron', expression: '0 * * * *', timezone: 'UTC' }
const EVERY_40_MINUTES: Schedule = { type: 'period', seconds: 2_400 }
const hourly = { schedule: HOURLY, overlap: 'allow' } as const
const often = { schedule: EVERY_40_MINUTES, overlap: 'allow' } as const
const ASKED = { key: SHOP, function: 'report', by: 'ada' }

function begin(t: TestContext, start?: string): ScheduleScene {
  const scene = new ScheduleScene(start)
  t.after(() => scene.close())
  return scene
}

const slotAt = (time: string): number => Date.parse(`2026-03-01T${time}:00Z`)

test('each slot becomes one call, which its record names', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  await scene.time.advance(3 * HOUR)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired', '02:00 fired', '03:00 fired'])
  assert.deepEqual(await scene.calls('report'), ['01:00', '02:00', '03:00'])
  const [state] = await listSchedules(scene.ports, SHOP)
  assert.equal(state?.last[0]?.call?.status, 'pending')
  assert.deepEqual(
    state?.next.map((at) => new Date(at).getUTCHours()),
    [4, 5, 6, 7, 8],
  )
})

test('a slot that is told twice, also at once, runs once and is told as run', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  scene.isSilent = true
  await scene.time.advance(HOUR)
  const word = { function: 'report', schedule: HOURLY, slot: slotAt('01:00') }
  await Promise.all([scene.tell(word), scene.tell(word), scene.tell(word)])
  await scene.tell(word)
  assert.deepEqual(
    [await scene.calls('report'), await scene.outcomes('report')],
    [['01:00'], ['01:00 fired']],
  )
})

test('a slot whose predecessor still runs is skipped, unless they may overlap', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  await scene.time.advance(2 * HOUR)
  const { items } = await scene.store.calls(SHOP, {}, { limit: 10 })
  for (const { id } of items)
    await scene.store.cancelCall(id, scene.time.now(), { name: 'Cancelled', message: '' })
  await scene.time.advance(HOUR)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired', '02:00 skipped', '03:00 fired'])
})

test('a slot that was skipped is not run once its predecessor has ended, though it is told again', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  await scene.time.advance(2 * HOUR)
  const { items } = await scene.store.calls(SHOP, {}, { limit: 10 })
  for (const { id } of items)
    await scene.store.cancelCall(id, scene.time.now(), { name: 'Cancelled', message: '' })
  await scene.tell({ function: 'report', schedule: HOURLY, slot: slotAt('02:00') })
  assert.deepEqual(await scene.calls('report'), ['01:00'])
})

test('a slot whose call was made by a control plane that then died is told as run, and not as skipped', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  const { store } = scene.ports
  const died = t.mock.method(store, 'recordFiring', () => Promise.reject(new Error('died')))
  await scene.time.advance(HOUR)
  died.mock.restore()
  await scene.time.advance(MINUTE)
  assert.deepEqual(
    [await scene.outcomes('report'), await scene.calls('report')],
    [['01:00 fired'], ['01:00']],
  )
  scene.faults.splice(0)
})

test('a slot whose call was made by a control plane that then died is told as run, though nobody expects it any more', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY }, digest: hourly })
  const died = t.mock.method(scene.ports.store, 'recordFiring', () => Promise.reject(new Error('died')))
  await scene.time.advance(HOUR)
  died.mock.restore()
  scene.faults.splice(0)
  await scene.deploy({ digest: hourly })
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired'])
  await scene.down()
  await scene.time.advance(2 * HOUR)
  scene.up()
  await scene.time.advance(MINUTE)
  assert.deepEqual(await scene.outcomes('digest'), ['01:00 fired', '02:00 missed', '03:00 fired'])
})

test('a slot is not told as skipped for the sake of its own call', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  scene.isSilent = true
  await scene.time.advance(HOUR)
  const { store } = scene.ports
  const word = { function: 'report', schedule: HOURLY, slot: slotAt('01:00') }
  t.mock.method(store, 'recordFiring', () => Promise.reject(new Error('died')), { times: 1 })
  await assert.rejects(scene.tell(word), /died/)
  t.mock.method(store, 'callByKey', async () => undefined, { times: 1 })
  await scene.tell(word)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired'])
})

test('a slot that was told as skipped is told as run once its call is found', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  scene.isSilent = true
  await scene.time.advance(HOUR)
  const { store } = scene.ports
  const word = { function: 'report', schedule: HOURLY, slot: slotAt('01:00') }
  const skipped = { ...SHOP, function: 'report', slot: word.slot, at: word.slot, outcome: 'skipped' } as const
  t.mock.method(store, 'recordFiring', () => Promise.reject(new Error('died')), { times: 1 })
  await assert.rejects(scene.tell(word), /died/)
  await store.recordFiring({ ...skipped, forgetAt: word.slot + DAY })
  await scene.tell(word)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired'])
})

test('schedules switch with the version, roll back with it, and end with the app', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  await scene.time.advance(HOUR)
  await scene.deploy({ digest: hourly })
  await scene.time.advance(HOUR)
  await rollback(scene.ports, { key: SHOP, strategy: 'rolling', by: 'ada' })
  await scene.settled()
  await scene.time.advance(HOUR)
  await stop(scene.ports, { key: SHOP, by: 'ada' })
  await scene.settled()
  await scene.time.advance(DAY)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired', '03:00 fired'])
  assert.deepEqual(await scene.outcomes('digest'), ['02:00 fired'])
  assert.deepEqual(await listSchedules(scene.ports, SHOP), [])
})

test('a period keeps its phase over redeploys, rollbacks, and versions that did not have it', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: often })
  await scene.time.advance(50 * MINUTE)
  await scene.deploy({ report: often, digest: hourly })
  await scene.time.advance(40 * MINUTE)
  await scene.deploy({ report: { ...often, schedule: { type: 'period', seconds: 3_600 } } })
  await scene.time.advance(35 * MINUTE)
  await scene.deploy({})
  await scene.time.advance(5 * MINUTE)
  await rollback(scene.ports, { key: SHOP, strategy: 'rolling', by: 'ada', version: 1 })
  await scene.settled()
  assert.deepEqual(await scene.outcomes('report'), ['00:40 fired', '01:20 fired'])
  await scene.time.advance(35 * MINUTE)
  assert.deepEqual(await scene.outcomes('report'), ['00:40 fired', '01:20 fired', '02:40 fired'])
})

test('slots that come while a schedule is paused pass, over a redeploy too, and are told as paused', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  await pauseSchedule(scene.ports, { ...ASKED, reason: 'moving house' })
  await scene.time.advance(HOUR)
  await scene.deploy({ report: hourly, digest: hourly })
  await scene.time.advance(HOUR)
  const [state] = await listSchedules(scene.ports, SHOP)
  assert.deepEqual([state?.record?.pausedBy, state?.record?.pauseReason], ['ada', 'moving house'])
  await resumeSchedule(scene.ports, ASKED)
  await scene.time.advance(HOUR)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 paused', '02:00 paused', '03:00 fired'])
  assert.deepEqual(await scene.calls('report'), ['03:00'])
})

test('a slot of a pause is no call, though it is told once the schedule was resumed', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  await scene.time.advance(30 * MINUTE)
  await pauseSchedule(scene.ports, ASKED)
  scene.isSilent = true
  await scene.time.advance(30 * MINUTE + 5_000)
  await resumeSchedule(scene.ports, ASKED)
  await scene.tell({ function: 'report', schedule: HOURLY, slot: slotAt('01:00') })
  assert.deepEqual([await scene.outcomes('report'), await scene.calls('report')], [['01:00 paused'], []])
})

test('of the slots that passed while nobody was there the latest is made up for, and the others are missed', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly, digest: hourly })
  await scene.time.advance(HOUR)
  await pauseSchedule(scene.ports, { ...ASKED, function: 'digest' })
  await scene.down()
  await scene.time.advance(3 * HOUR + 30 * MINUTE)
  scene.up()
  await scene.time.advance(MINUTE)
  const expected = ['01:00 fired', '02:00 missed', '03:00 missed', '04:00 late']
  assert.deepEqual(await scene.outcomes('report'), expected)
  assert.deepEqual(await scene.calls('report'), ['01:00', '04:30'])
  const paused = ['01:00 fired', '02:00 paused', '03:00 paused', '04:00 paused']
  assert.deepEqual(await scene.outcomes('digest'), paused)
  const told = await scene.notices()
  assert.deepEqual(told.length, 1)
  const [notice] = told
  assert.deepEqual(
    [notice?.kind, notice?.function, notice?.version, notice?.deployedBy],
    ['firing_missed', 'report', 1, 'ada'],
  )
  assert.match(
    notice?.message ?? '',
    /^report should have run 2 times from 2026-03-01T02:00\S+ to 2026-03-01T03:00\S+, and/,
  )
  await scene.time.advance(30 * MINUTE)
  assert.deepEqual(await scene.outcomes('report'), [...expected, '05:00 fired'])
  assert.deepEqual(await scene.notices(), told)
})

test('a slot that the scheduler forgets is noticed, and made up for while no other has come', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  scene.isSilent = true
  await scene.time.advance(2 * HOUR + 10 * MINUTE)
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired', '02:00 fired'])
  assert.deepEqual(await scene.calls('report'), ['01:00', '02:00'])
})

test('a word that comes after the next slot is not run any more, but told as missed', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: hourly })
  await scene.time.advance(HOUR)
  await scene.down()
  await scene.time.advance(2 * HOUR)
  await scene.tell({ function: 'report', schedule: HOURLY, slot: slotAt('02:00') })
  await scene.tell({ function: 'report', schedule: HOURLY, slot: slotAt('03:00') })
  assert.deepEqual(await scene.outcomes('report'), ['01:00 fired', '02:00 missed', '03:00 fired'])
  const [notice, ...others] = await scene.notices()
  assert.match(
    notice?.message ?? '',
    /^report should have run at 2026-03-01T02:00:00.000Z, and its schedule did not fire\./,
  )
  assert.deepEqual(others, [])
  scene.up()
})

test('a run by hand shows as such, once for its key, also while paused; the next slot waits for it', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: HOURLY } })
  await pauseSchedule(scene.ports, ASKED)
  await scene.time.advance(10 * MINUTE)
  const run = { ...ASKED, by: 'bob', reason: 'to see it', idempotencyKey: 'k' }
  const [one, two] = [await triggerSchedule(scene.ports, run), await triggerSchedule(scene.ports, run)]
  assert.equal(one.id, two.id)
  await resumeSchedule(scene.ports, ASKED)
  await resumeSchedule(scene.ports, ASKED)
  await scene.time.advance(HOUR)
  assert.deepEqual(await scene.outcomes('report'), ['00:10 triggered', '01:00 skipped'])
  const [, triggered] = await scene.store.firings(SHOP, 'report', { since: 0, limit: 2 })
  assert.deepEqual([triggered?.by, triggered?.call, triggered?.reason], ['bob', one.id, 'to see it'])
  const { items } = await scene.store.auditEntries('main', 'shop', { limit: 10 })
  const noted = items.filter(({ action }) => action.startsWith('schedule.'))
  assert.deepEqual(
    noted.map(({ action, by, function: name, subject }) => [action, by, name, subject]),
    [
      ['schedule.resumed', 'ada', 'report', undefined],
      ['schedule.triggered', 'bob', 'report', one.id],
      ['schedule.paused', 'ada', 'report', undefined],
    ],
  )
})

test('clocks that change leave out no run and add none', async (t) => {
  const scene = begin(t, '2026-03-28T12:00:00Z')
  const at = (expression: string) =>
    ({ schedule: { type: 'cron', expression, timezone: 'Europe/Paris' }, overlap: 'allow' }) as const
  await scene.deploy({ nightly: at('30 2 * * *'), steady: at('30 * * * *') })
  await scene.time.advance(DAY)
  assert.deepEqual(
    await scene.outcomes('nightly'),
    ['01:00 fired'],
    'at the end of the hour that is left out',
  )
  assert.equal((await scene.outcomes('steady')).length, 24)
})

test('about a hundred records of a schedule are kept', async (t) => {
  const scene = begin(t)
  await scene.deploy({ report: { schedule: { type: 'period', seconds: 900 }, overlap: 'allow' } })
  await scene.time.advance(DAY + 6 * HOUR)
  const kept = await scene.store.firings(SHOP, 'report', { since: 0, limit: 1_000 })
  assert.ok(kept.length >= 100 && kept.length <= 102, `${kept.length} are kept`)
})
