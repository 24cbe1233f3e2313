import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Firing } from '../../control/schedule-model.ts'
import { HOUR, MINUTE, ScheduleScene } from './schedule-scene.ts'

test('slots that were missed are told of once, though whoever records them dies midway', async (t) => {
  const scene = new ScheduleScene()
  t.after(() => scene.close())
  await scene.deploy({ report: { schedule: { type: 'cron', expression: '0 * * * *', timezone: 'UTC' } } })
  await scene.down()
  await scene.time.advance(5 * HOUR + 30 * MINUTE)
  const { store } = scene.ports
  const { recordFiring } = store
  let missed = 0
  t.mock.method(store, 'recordFiring', async (firing: Firing) => {
    if (firing.outcome === 'missed' && ++missed === 3) throw new Error('died')
    await recordFiring(firing)
  })
  scene.up()
  await scene.time.advance(MINUTE)
  assert.deepEqual(scene.faults.map(String), ['Error: died'])
  assert.deepEqual(await scene.outcomes('report'), [
    '01:00 missed',
    '02:00 missed',
    '03:00 missed',
    '04:00 missed',
    '05:00 late',
  ])
  assert.equal((await scene.notices()).length, 1)
})
