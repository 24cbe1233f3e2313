import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const DAILY: Schedule = { type: 'cron', expression: '0 6 * * *', timezone: 'Europe/Paris' }
const PARAMS = { app: 'shop', function: 'refresh' }
const TO_SCHEDULE = ['triggerSchedule', 'pauseSchedule', 'resumeSchedule'] as const

let installation: Installation
before(async () => {
  installation = await install()
  const { worklist } = installation.ports
  await deployApp(installation, 'shop', { refresh: { kind: 'scheduled', schedule: DAILY }, work: {} })
  await deployApp(installation, 'plain', { work: {} })
  await deployApp(installation, 'gone', { refresh: { kind: 'scheduled', schedule: DAILY } })
  await send(installation, 'stop', { params: { app: 'gone' }, body: {} })
  assert.ok(worklist instanceof LocalWorklist)
  await worklist.idle()
})
after(async () => {
  assert.deepEqual(installation.failures, [])
  await installation.close()
})

const list = async (app = 'shop') =>
  (await send(installation, 'listSchedules', { params: { app } })).body.items

test('a schedule is listed with its next five times, by the clock of its zone', async () => {
  const [schedule, ...others] = await list()
  assert.deepEqual(others, [])
  assert.deepEqual([schedule?.function, schedule?.schedule, schedule?.overlap], ['refresh', DAILY, 'skip'])
  assert.equal(schedule?.next.length, 5)
  for (const at of schedule?.next ?? []) {
    const hour = new Date(at).toLocaleTimeString('sv-SE', { timeZone: 'Europe/Paris' })
    assert.equal(hour, '06:00:00')
  }
})

test('apps without schedules, and stopped ones, have none to list', async () => {
  assert.deepEqual([await list('plain'), await list('gone')], [[], []])
})

test('a run by hand answers its call, and the same key is the same run', async () => {
  const body = { reason: 'to see it', idempotencyKey: 'once' }
  const [one, two] = [
    await send(installation, 'triggerSchedule', { params: PARAMS, body }),
    await send(installation, 'triggerSchedule', { params: PARAMS, body }),
  ]
  assert.deepEqual([one.status, one.body.function, two.body.id], [202, 'refresh', one.body.id])
  const [schedule] = await list()
  const [last, ...others] = schedule?.last ?? []
  assert.deepEqual(others, [])
  assert.deepEqual([last?.outcome, last?.by, last?.reason], ['triggered', 'ada', 'to see it'])
  assert.equal(last?.call?.id, one.body.id)
})

test('a pause says by whom and why, once, and a resume ends it', async () => {
  const pause = (reason: string) => send(installation, 'pauseSchedule', { params: PARAMS, body: { reason } })
  const { body } = await pause('moving')
  assert.deepEqual([body.paused?.by, body.paused?.reason], ['ada', 'moving'])
  assert.deepEqual((await pause('again')).body.paused, body.paused)
  const resumed = await send(installation, 'resumeSchedule', { params: PARAMS, body: {} })
  assert.equal(resumed.body.paused, undefined)
  assert.equal((await list())[0]?.paused, undefined)
  const audit = await send(installation, 'listAudit', { query: { app: 'shop' } })
  const actions = audit.body.items.map(({ action }) => action).filter((action) => /^schedule\./.test(action))
  assert.deepEqual(actions, ['schedule.resumed', 'schedule.paused', 'schedule.triggered'])
})

for (const id of TO_SCHEDULE) {
  test(`${id} of what has no schedule, or is not there, is refused with what to do`, async () => {
    const refused = (app: string, name: string, body: unknown = {}) =>
      refuse(installation, id, { params: { app, function: name }, body })
    const misspelt = await refused('shop', 'refesh')
    assert.deepEqual([misspelt.status, misspelt.code], [404, 'function_not_found'])
    assert.match(misspelt.detail, /Did you mean "refresh"\?/)
    const unscheduled = await refused('shop', 'work')
    assert.deepEqual([unscheduled.status, unscheduled.code], [409, 'not_scheduled'])
    assert.match(unscheduled.detail, /^work of shop v1 has no schedule\. These have one: refresh\.$/)
    assert.match((await refused('plain', 'work')).detail, /No function of this app has one\.$/)
    const stopped = await refused('gone', 'refresh')
    assert.deepEqual([stopped.status, stopped.code], [409, 'app_stopped'])
    assert.equal((await refused('nowhere', 'refresh')).code, 'app_not_found')
    const unknown = await refused('shop', 'refresh', { raeson: 'x' })
    assert.deepEqual([unknown.status, unknown.errors[0]?.path], [400, 'raeson'])
  })
}
