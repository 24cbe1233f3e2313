import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { activityOfApps } from '../../control/activity.ts'
import { LocalWorklist } from '../../platforms/local/worklist.ts'
import type { AppActivity } from '../../protocol/activity.ts'
import { noUsage, SLOT_MS, slotOf } from '../../protocol/usage.ts'
import { deployApp, manifestOf } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const HOURLY = { kind: 'scheduled', schedule: { type: 'period', seconds: 3600 } } as const
const DAILY = { kind: 'scheduled', schedule: { type: 'period', seconds: 86_400 } } as const
const SLOTS = 13

let installation: Installation
before(async () => {
  installation = await install()
  await deployApp(installation, 'shop', { work: {}, hourly: HOURLY, daily: DAILY })
  await deployApp(installation, 'plain')
  await deployApp(installation, 'gone', { hourly: HOURLY })
  await send(installation, 'stop', { params: { app: 'gone' }, body: {} })
  const { worklist } = installation.ports
  assert.ok(worklist instanceof LocalWorklist)
  await worklist.idle()
})
after(async () => {
  assert.deepEqual(installation.failures, [])
  await installation.close()
})

async function activityOf(app: string): Promise<AppActivity> {
  const { items } = (await send(installation, 'listActivity', {})).body
  return items.find((item) => item.app === app) ?? assert.fail(`${app} is not among them`)
}

async function report(at: number, counts: Partial<ReturnType<typeof noUsage>>): Promise<void> {
  const { store } = installation.ports
  await installation.container({ id: `c-${at}` })
  const container = (await store.container(`c-${at}`)) ?? assert.fail()
  await store.containerReported(container, 0, at, { ...noUsage(), sequence: 1, at: slotOf(at), ...counts })
}

test('the last hour is told in slots of five minutes, and what was before it is not', async () => {
  const now = installation.ports.clock.now()
  await report(now, { calls: 5, errors: 2 })
  await report(now - 3_600_000, { requests: 7, serverErrors: 1 })
  await report(now - 3_600_000 - SLOT_MS, { calls: 100 })
  const ports = { ...installation.ports, clock: { now: () => now } }
  const { since, items } = await activityOfApps(ports, 'main', { limit: 1, containing: 'shop' })
  assert.equal(since, slotOf(now) - 3_600_000)
  const { calls, errors, requests, serverErrors } = items[0] ?? assert.fail()
  const only = (index: number, value: number) =>
    Array.from({ length: SLOTS }, (_, i) => (i === index ? value : 0))
  assert.deepEqual([calls, errors], [only(12, 5), only(12, 2)])
  assert.deepEqual([requests, serverErrors], [only(0, 7), only(0, 1)])
})

test('whoever deployed what is live is named; of a stopped app nobody is, and nothing comes next', async () => {
  const plain = await activityOf('plain')
  assert.deepEqual([plain.deployedBy, plain.next], ['ada', undefined])
  const age = installation.ports.clock.now() - Date.parse(plain.deployedAt ?? '')
  assert.ok(age >= 0 && age < 60_000, `${age} ms`)
  const gone = await activityOf('gone')
  assert.deepEqual([gone.deployedBy, gone.deployedAt, gone.next], [undefined, undefined, undefined])
})

test('of an app that is only tried out nothing comes by itself', async () => {
  const manifest = await manifestOf(installation, 'trial', { hourly: HOURLY })
  const body = { manifest, ephemeral: { seconds: 600 } }
  await send(installation, 'deploy', { params: { app: 'trial' }, body })
  const query = { wait: 20 }
  await send(installation, 'getVersion', { params: { app: 'trial', version: 1 }, query })
  const { worklist } = installation.ports
  assert.ok(worklist instanceof LocalWorklist)
  await worklist.idle()
  const trial = await activityOf('trial')
  assert.deepEqual([trial.deployedBy, trial.next], ['ada', undefined])
})

test('the schedule that comes first is told, and a paused one only where there is no other', async () => {
  const pause = (name: string) =>
    send(installation, 'pauseSchedule', { params: { app: 'shop', function: name }, body: {} })
  const next = async () => (await activityOf('shop')).next
  const first = await next()
  assert.deepEqual([first?.function, first?.paused], ['hourly', false])
  assert.ok(Date.parse(first?.at ?? '') > installation.ports.clock.now())
  await pause('hourly')
  assert.deepEqual([(await next())?.function, (await next())?.paused], ['daily', false])
  await pause('daily')
  assert.deepEqual([(await next())?.function, (await next())?.paused], ['hourly', true])
})

test('activity comes in the pages that the list of apps comes in, also where one is searched for', async () => {
  const namesOf = async (query: Record<string, string | number>) => {
    const apps = (await send(installation, 'listApps', { query })).body
    const activity = (await send(installation, 'listActivity', { query })).body
    assert.deepEqual(
      [activity.items.map(({ app }) => app), activity.cursor],
      [apps.items.map(({ name }) => name), apps.cursor],
    )
    return { names: apps.items.map(({ name }) => name), cursor: apps.cursor ?? assert.fail('more') }
  }
  const first = await namesOf({ limit: 2 })
  assert.deepEqual(first.names, ['gone', 'plain'])
  const searched = await namesOf({ limit: 1, q: 'P' })
  assert.deepEqual(searched.names, ['plain'])
  const rest = { limit: 1, q: 'P', cursor: searched.cursor }
  const { items, cursor } = (await send(installation, 'listApps', { query: rest })).body
  assert.deepEqual([items.map(({ name }) => name), cursor], [['shop'], undefined])
})

test('a search for nothing, or for more than a name has, is refused, and the fault is named', async () => {
  for (const id of ['listApps', 'listActivity'] as const)
    for (const q of ['', 'a'.repeat(65)]) {
      const { status, errors } = await refuse(installation, id, { query: { q } })
      assert.deepEqual([status, errors.length, errors[0]?.path.includes('q')], [400, 1, true])
    }
})
