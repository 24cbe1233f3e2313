import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CallView, VersionView } from '../../protocol/api.ts'
import type { FiringView, ScheduleView } from '../../protocol/schedules.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const MINUTE_MS = 60_000
/** The test begins in this part of a minute, so that cron and period come well apart from each other. */
const BEGIN_MS = { from: 10_000, to: 30_000 } as const
/** What comes so long after its slot, also where the control plane was away, has nothing to do with it any more. */
const LATE_MS = 30_000
/** So long before a slot the control plane is killed, and so long after it it is missed. */
const MARGIN_MS = 1_000

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
  for (const app of ['steady', 'doomed']) {
    for (const name of ['cron', 'period'])
      await until(`the ${name} of ${app}`, async () => (await calls(app, name)).length > 0, 2 * MINUTE_MS)
  }

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
  const cron = await untilFired('cron', (slots) => slots.includes(missed))
  await assertInTime('cron', cron)
  assert.equal(slotOf(cron[0]), nextMinute(anchor))
  // One that began anew with a redeploy would not come a minute after the other.
  const period = await untilFired('period', (slots) => slots.length > 1)
  await assertInTime('period', period)
  const late = slotOf(period[0]) - anchor - MINUTE_MS
  assert.ok(late >= 0 && late <= LATE_MS, `the first period is ${late} ms late`)

  assert.equal((await schedules()).length, 2)
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

async function schedules(): Promise<ScheduleView[]> {
  return (await installation.json('schedule', 'list', 'steady')).items
}

/** What became of its slots, oldest first, once there are enough and all of their calls have ended. */
async function untilFired(name: string, isEnough: (slots: number[]) => boolean): Promise<FiringView[]> {
  let fired: FiringView[] = []
  const isGoingOn = ({ call }: FiringView) => call?.status === 'pending' || call?.status === 'running'
  await until(
    `the calls of ${name} to end`,
    async () => {
      fired = (await schedules()).find((one) => one.function === name)?.last.toReversed() ?? []
      return isEnough(fired.map(slotOf)) && !fired.some(isGoingOn)
    },
    2 * MINUTE_MS,
  )
  return fired
}

/** One call for each minute, made at its time or when the control plane was back, and run once. */
async function assertInTime(name: string, fired: FiringView[]): Promise<void> {
  const first = slotOf(fired[0])
  assert.deepEqual(
    fired.map(slotOf),
    fired.map((_, n) => first + n * MINUTE_MS),
  )
  const made = (await calls('steady', name)).slice(0, fired.length)
  assert.deepEqual(
    made.map(({ id }) => id),
    fired.map(({ call }) => call?.id),
  )
  for (const [n, { createdAt, status, attempts }] of made.entries()) {
    const late = Date.parse(createdAt) - slotOf(fired[n])
    assert.ok(late >= 0 && late <= LATE_MS, `the ${name} of ${createdAt} is ${late} ms late`)
    assert.deepEqual([fired[n]?.outcome, status, attempts], ['fired', 'succeeded', 1])
  }
}

const slotOf = (firing: FiringView | undefined): number => Date.parse(firing?.slot ?? '')

const isGoodTime = (): boolean => {
  const second = Date.now() % MINUTE_MS
  return second >= BEGIN_MS.from && second <= BEGIN_MS.to
}

const nextMinute = (after: number): number => Math.ceil(after / MINUTE_MS) * MINUTE_MS

const untilTime = (at: number): Promise<void> =>
  until(new Date(at).toISOString(), () => Date.now() >= at, 2 * MINUTE_MS)
