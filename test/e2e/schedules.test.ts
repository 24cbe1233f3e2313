import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CallView, VersionView } from '../../protocol/api.ts'
import type { ScheduleView } from '../../protocol/schedules.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const MINUTE_MS = 60_000
/** The test begins in this part of a minute, so that cron and period come well apart from each other. */
const BEGIN_MS = { from: 10_000, to: 38_000 } as const
/** Between a slot and its call, where the control plane was away. */
const LATE_MS = 8_000
/** So long before a slot the control plane is killed, and so long after it it is missed. */
const MARGIN_MS = 1_000
/** A period that began anew with a redeploy would be later than it may be. */
const REDEPLOY_AFTER_MS = 4_000
const PHASE_MS = 3_000

const source = (app: string, more = '') => `
import { App, Cron, Period } from 'sluice'

const app = new App('${app}')
export const cron = app.function({ schedule: Cron('* * * * *') }, async () => {})
export const period = app.function({ schedule: Period({ minutes: 1 }) }, async () => {})
${more}
export default app
`
const EXTRA = "export const extra = app.function({ schedule: Cron('* * * * *') }, async () => {})"

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('schedules make one call at each of their times, through a redeploy, a rollback and a crash, until a stop', async () => {
  await until('a good time to begin', isGoodTime, MINUTE_MS)
  const { liveAt } = await deploy(source('steady'))
  await deploy(source('doomed'))
  const anchor = Date.parse(liveAt ?? '')
  await untilTime(anchor + MINUTE_MS + REDEPLOY_AFTER_MS)
  for (const name of ['cron', 'period']) assert.equal((await calls('doomed', name)).length, 1)

  await installation.run('app', 'stop', 'doomed')
  const stoppedAt = Date.now()
  assert.equal((await deploy(source('steady', EXTRA))).version, 2)
  const rollback: VersionView = await installation.json('app', 'rollback', 'steady')
  assert.deepEqual([rollback.version, rollback.status], [3, 'live'])
  const rolledBackAt = Date.now()

  const missed = nextMinute(rolledBackAt + MARGIN_MS)
  await untilTime(missed - MARGIN_MS)
  await installation.kill('SIGKILL')
  await untilTime(missed + MARGIN_MS)
  await installation.up()
  await until('the second period', async () => (await calls('steady', 'period')).length > 1, 2 * MINUTE_MS)
  await assertInTime('period', [anchor + MINUTE_MS, anchor + 2 * MINUTE_MS], PHASE_MS)
  await assertInTime('cron', minutesBetween(anchor, Date.now()), LATE_MS)

  const listed = (await installation.json('schedule', 'list', 'steady')).items
  for (const { last } of listed as ScheduleView[]) {
    for (const { outcome, call } of last) assert.deepEqual([outcome, call?.status], ['fired', 'succeeded'])
  }
  assert.ok(listed.length === 2 && listed.every(({ last }: ScheduleView) => last.length >= 2))

  const made = (await calls('steady')).filter(({ createdAt }) => Date.parse(createdAt) > rolledBackAt)
  for (const call of made) assert.deepEqual([call.function === 'extra', call.version], [false, 3])
  for (const { createdAt } of await calls('doomed')) assert.ok(Date.parse(createdAt) <= stoppedAt, createdAt)
})

async function deploy(text: string): Promise<VersionView> {
  await folder.write('app.ts', text)
  return installation.json('deploy', folder.entry)
}

/** Oldest first. */
async function calls(app: string, name?: string): Promise<CallView[]> {
  const query = name === undefined ? '' : `&function=${name}`
  const { items } = (await installation.api('GET', `/v1/apps/${app}/calls?limit=100${query}`)).body
  return items.toReversed()
}

/** One call for each slot, made at its time or when the control plane was back, and run once. */
async function assertInTime(name: string, slots: number[], lateMs: number): Promise<void> {
  let made: CallView[] = []
  await until(`${slots.length} calls of ${name} to end`, async () => {
    made = await calls('steady', name)
    return made.length >= slots.length && made.every(({ endedAt }) => endedAt !== undefined)
  })
  assert.equal(made.length, slots.length, JSON.stringify({ made, slots }))
  for (const [n, { createdAt, status, attempts }] of made.entries()) {
    const late = Date.parse(createdAt) - (slots[n] ?? 0)
    assert.ok(late >= 0 && late <= lateMs, `the ${name} of ${createdAt} is ${late} ms late`)
    assert.deepEqual([status, attempts], ['succeeded', 1])
  }
}

const isGoodTime = (): boolean => {
  const second = Date.now() % MINUTE_MS
  return second >= BEGIN_MS.from && second <= BEGIN_MS.to
}

const nextMinute = (after: number): number => Math.ceil(after / MINUTE_MS) * MINUTE_MS

function minutesBetween(from: number, to: number): number[] {
  const first = nextMinute(from)
  const count = Math.floor((to - first) / MINUTE_MS) + 1
  return Array.from({ length: count }, (_, n) => first + n * MINUTE_MS)
}

const untilTime = (at: number): Promise<void> =>
  until(new Date(at).toISOString(), () => Date.now() >= at, 2 * MINUTE_MS)
