import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makeScheduleFiredHandler } from '../../lambdas/handlers/schedule-fired.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import type { Schedule } from '../../protocol/manifest.ts'
import { deployApp } from './apps.ts'
import { install } from './installation.ts'

const DAILY: Schedule = { type: 'cron', expression: '0 6 * * *', timezone: 'UTC' }
const FIRED = { env: 'main', app: 'shop', function: 'refresh', schedule: DAILY, slot: '2026-01-02T06:00:00Z' }
/** The first slot of each test has just come. */
const NOW = Date.parse('2026-01-02T06:00:20Z')
const DAY_MS = 86_400_000

/** An app with one schedule, and the handler of its firings. */
async function scene(t: TestContext, schedule: Schedule = DAILY) {
  const installation = await install()
  t.after(() => installation.close())
  const time = { now: NOW }
  const { ports } = installation
  await deployApp(installation, 'shop', { refresh: { kind: 'scheduled', schedule, overlap: 'allow' } })
  assert.ok(ports.worklist instanceof LocalWorklist)
  await ports.worklist.idle()
  const unread: unknown[] = []
  const handle = makeScheduleFiredHandler({ ...ports, clock: { now: () => time.now } }, ({ event }) =>
    unread.push(event),
  )
  const calls = async () => (await ports.store.overdueCalls(Number.MAX_SAFE_INTEGER, 100)).length
  return { ports, handle, calls, unread, time }
}

test('a slot that has come makes one call, however often it is told', async (t) => {
  const { handle, calls, time } = await scene(t)
  for (let times = 0; times < 3; times++) await handle(FIRED)
  assert.equal(await calls(), 1)
  time.now += DAY_MS
  await handle({ ...FIRED, slot: '2026-01-03T06:00:00Z' })
  assert.equal(await calls(), 2)
})

test('the slot of a cron is its minute, whichever of its schedules tells it and when', async (t) => {
  const { handle, calls } = await scene(t)
  for (const second of ['00', '07', '59']) await handle({ ...FIRED, slot: `2026-01-02T06:00:${second}Z` })
  assert.equal(await calls(), 1)
})

test('the slots of a period are told apart, and a word that is a little off means the nearest', async (t) => {
  const often: Schedule = { type: 'period', seconds: 90 }
  const { ports, handle, calls, time } = await scene(t, often)
  const { anchor = 0 } = (await ports.store.schedule({ env: 'main', app: 'shop' }, 'refresh')) ?? {}
  const tell = (ms: number) =>
    handle({ ...FIRED, schedule: often, slot: new Date(anchor + ms).toISOString() })
  time.now = anchor + 190_000
  for (const ms of [180_000, 181_000, 179_250]) await tell(ms)
  assert.equal(await calls(), 1)
  await tell(270_000)
  assert.equal(await calls(), 2)
})

test('a cron is not fired on a day that its scheduler had no words to leave out', async (t) => {
  const both: Schedule = { ...DAILY, expression: '0 6 */2 * mon' }
  const { handle, calls, time } = await scene(t, both)
  time.now = Date.parse('2026-01-12T06:00:20Z')
  await handle({ ...FIRED, schedule: both, slot: '2026-01-12T06:00:00Z' })
  assert.equal(await calls(), 0)
  await handle({ ...FIRED, schedule: both, slot: '2026-01-05T06:00:00Z' })
  assert.equal(await calls(), 1)
})

test('the slot of a schedule that the live version no longer has makes no call', async (t) => {
  const { handle, calls } = await scene(t)
  await handle({ ...FIRED, schedule: { ...DAILY, expression: '0 7 * * *' }, slot: '2026-01-02T07:00:00Z' })
  assert.equal(await calls(), 0)
})

test('a slot whose call cannot be made is thrown, so that it comes again', async (t) => {
  const { ports, handle, calls, unread } = await scene(t)
  t.mock.method(ports.store, 'app', async () => {
    throw new Error('the store is away')
  })
  await assert.rejects(handle(FIRED), /the store is away/)
  assert.deepEqual(unread, [])
  t.mock.restoreAll()
  await handle(FIRED)
  assert.equal(await calls(), 1)
})

test('an event that means nothing is reported and let go', async (t) => {
  const { handle, calls, unread } = await scene(t)
  const events = [undefined, {}, { ...FIRED, slot: '<aws.scheduler.scheduled-time>' }, { ...FIRED, more: 1 }]
  for (const event of events) await handle(event)
  assert.deepEqual(unread, events)
  assert.equal(await calls(), 0)
})
