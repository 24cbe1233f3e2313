import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploy } from '../../control/deploy.ts'
import { awaitVersion } from '../../control/find.ts'
import { cancelCalls } from '../../control/left-calls.ts'
import { stop } from '../../control/stop.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import { call, KEY, live } from '../contract/store-records.ts'
import { install } from '../lambdas/installation.ts'
import { ScheduleScene } from './schedule-scene.ts'
import { SHOP, shopOf } from './shop.ts'

test('a stop that the platform fails at is finished all the same, though nobody asks again', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  const manifest = await shopOf(ports, { page: { kind: 'web' } })
  await deploy(ports, { key: SHOP, manifest, by: 'ada', strategy: 'rolling' })
  await awaitVersion(ports, SHOP, 1, 10_000)
  assert.ok(ports.worklist instanceof LocalWorklist)
  await ports.worklist.idle()
  const news = ports.events.subscribe(['app:main/shop'])
  t.after(() => news.close())

  const failing = { remove: () => Promise.reject(new Error('Rate exceeded')) }
  await assert.rejects(stop({ ...ports, ingress: failing }, { key: SHOP, by: 'ada' }), /Rate exceeded/)
  while ((await ports.store.app(SHOP))?.state !== 'stopped') assert.ok(await news.next(10_000))
})

test('what a plan of before a stop says of schedules after it leaves none, and hinders none that come with a start', async (t) => {
  const scene = new ScheduleScene()
  t.after(() => scene.close())
  const hourly = { schedule: { type: 'cron', expression: '0 * * * *', timezone: 'UTC' } } as const
  const { timetable } = scene.ports
  const sync = timetable.sync.bind(timetable)
  const said: Parameters<typeof sync>[] = []
  timetable.sync = async (...words) => {
    said.push(words)
    await sync(...words)
  }
  const standing = () => scene.store.database.all('select function from timetable').map((row) => row.function)
  await scene.deploy({ report: hourly })
  const [before = assert.fail()] = said
  assert.deepEqual(standing(), ['report'])
  await stop(scene.ports, { key: SHOP, by: 'ada' })
  await scene.settled()
  await sync(...before)
  assert.deepEqual(standing(), [])
  const last = said.at(-1) ?? assert.fail()
  await scene.deploy({ report: hourly })
  await sync(...last)
  assert.deepEqual(standing(), ['report'])
})

test('a stop that stood still for long cancels what waited, and nothing that was accepted since', async (t) => {
  const installation = await install()
  t.after(() => installation.close())
  const { ports } = installation
  await live(ports.store)
  await ports.store.acceptCall(call('ca-before', 1))
  const late = { do: 'cancelCalls', function: 'work', through: 1, why: 'The app was stopped.' } as const
  await live(ports.store)
  for (const draft of [call('ca-after', 2), { ...call('ca-pinned', 2), pin: 2 }])
    assert.equal((await ports.store.acceptCall(draft)).kind, 'accepted')
  assert.equal(await cancelCalls(ports, KEY, late), 'changed')
  assert.equal(await cancelCalls(ports, KEY, { ...late, pin: 2 }), 'none')
  const statuses = ['ca-before', 'ca-after', 'ca-pinned'].map(
    async (id) => (await ports.store.call(id))?.status,
  )
  assert.deepEqual(await Promise.all(statuses), ['cancelled', 'pending', 'pending'])
})
