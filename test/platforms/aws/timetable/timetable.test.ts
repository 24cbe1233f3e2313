import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CreateScheduleCommand,
  type GetScheduleCommandOutput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler'
import { readFiring } from '../../../../lambdas/handlers/schedule-fired.ts'
import { CLIENT_SETTINGS } from '../../../../platforms/aws/client-settings.ts'
import { resourcesTable } from '../../../../platforms/aws/resources-table.ts'
import { fromVariables, toVariables } from '../../../../platforms/aws/settings.ts'
import { prefixOf } from '../../../../platforms/aws/timetable/names.ts'
import { Plans } from '../../../../platforms/aws/timetable/plans.ts'
import { ScheduleGroup } from '../../../../platforms/aws/timetable/schedule-group.ts'
import { makeTimetable, SchedulerTimetable } from '../../../../platforms/aws/timetable/timetable.ts'
import { SluiceError } from '../../../../protocol/errors.ts'
import type { Schedule } from '../../../../protocol/manifest.ts'
import { slotAt } from '../../../../protocol/slots.ts'
import { type Fired, START, timetableContract } from '../../../contract/timetable.ts'
import { commandsOf, makeTable, skip } from '../account.ts'
import { crashAt } from '../crash.ts'
import { refusing } from '../refusing.ts'
import { makeGroup, makeQueueFor } from './schedule-groups.ts'
import { firings } from './scheduler-clock.ts'

const HANDLER = 'arn:aws:lambda:us-east-1:000000000000:function:schedule-fired'
const ROLE = 'arn:aws:iam::000000000000:role/scheduler'
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:schedules-dead'
const SHOP = { env: 'main', app: 'shop' }
const BEGINNING = Date.parse(START)

/** A group and a table of its own, and any number of timetables that share them, each as in a process of its own. */
async function scene() {
  const [table, group] = await Promise.all([makeTable('resources'), makeGroup()])
  const settings = fromVariables(
    toVariables({
      resourcesTable: table.name,
      scheduleGroup: group.name,
      scheduleTarget: HANDLER,
      scheduleRole: ROLE,
      scheduleDeadLetters: DEAD_LETTERS,
    }),
  )
  const begin = (scheduler = new SchedulerClient(CLIENT_SETTINGS), handler = HANDLER) => {
    const resources = resourcesTable(settings)
    const target = { group: group.name, handler, role: ROLE, deadLetters: DEAD_LETTERS }
    const timetable = new SchedulerTimetable({
      plans: new Plans(resources),
      group: new ScheduleGroup(scheduler, target),
    })
    const sync = (
      schedules: Record<string, Schedule>,
      { version = 1, at = BEGINNING, app = SHOP, anchor = BEGINNING } = {},
    ) =>
      timetable.sync(
        app,
        version,
        Object.entries(schedules).map(([name, schedule]) => ({ function: name, schedule, anchor })),
        at,
      )
    return { sync, scheduler, database: resources.getDocumentClient() }
  }
  const close = async () => {
    await Promise.all([table.delete(), group.delete()])
  }
  return { settings, group, begin, close }
}

/** Time is the test's own, as the Scheduler's cannot be turned: what it holds is fired by scheduler-clock.ts. */
async function contractScene(start = START) {
  const { settings, group, close } = await scene()
  let now = Date.parse(start)
  const fired: Fired[] = []
  const advance = async (ms: number) => {
    const until = now + ms
    const due = (await group.schedules()).flatMap((schedule) => firingsOf(schedule, now, until))
    fired.push(...due.toSorted((a, b) => a.slot.localeCompare(b.slot)))
    now = until
  }
  return { timetable: makeTimetable(settings), now: () => now, advance, fired: () => fired, close }
}

/** As the handler hears them. */
function firingsOf(schedule: GetScheduleCommandOutput, after: number, until: number): Fired[] {
  const { ScheduleExpression = '', ScheduleExpressionTimezone, StartDate, Target } = schedule
  const clock = {
    expression: ScheduleExpression,
    timezone: ScheduleExpressionTimezone,
    start: StartDate?.getTime(),
  }
  return [...firings(clock, after, until)].flatMap((at) => {
    const slot = new Date(at).toISOString().replace('.000Z', 'Z')
    const heard = readFiring(
      JSON.parse((Target?.Input ?? '').replaceAll('<aws.scheduler.scheduled-time>', slot)),
    )
    const meant = heard.schedule.type === 'period' ? heard.slot : slotAt(heard.schedule, 0, heard.slot)
    if (meant === undefined) return []
    return [{ app: heard.key.app, function: heard.function, slot: new Date(meant).toISOString() }]
  })
}

timetableContract('SchedulerTimetable', contractScene, { skip })

describe('SchedulerTimetable', { skip, timeout: 120_000 }, () => {
  const cron = (expression: string): Schedule => ({ type: 'cron', expression, timezone: 'UTC' })
  const period = (seconds: number): Schedule => ({ type: 'period', seconds })
  const sceneOf = async (t: TestContext) => {
    const made = await scene()
    t.after(() => made.close())
    return made
  }
  const said = async ({ group }: Awaited<ReturnType<typeof scene>>) =>
    (await group.schedules()).map(({ ScheduleExpression }) => ScheduleExpression).toSorted()

  it('has each schedule invoke the handler at its minute, again for an hour, and then leave a dead letter', async (t) => {
    const { group, begin } = await sceneOf(t)
    await begin().sync({ refresh: cron('0 6 * * *') })
    const [schedule] = await group.schedules()
    assert.deepEqual(schedule?.FlexibleTimeWindow, { Mode: 'OFF' })
    assert.deepEqual(
      { ...schedule?.Target, Input: JSON.parse(schedule?.Target?.Input ?? '') },
      {
        Arn: HANDLER,
        RoleArn: ROLE,
        DeadLetterConfig: { Arn: DEAD_LETTERS },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
        Input: {
          ...SHOP,
          function: 'refresh',
          schedule: cron('0 6 * * *'),
          slot: '<aws.scheduler.scheduled-time>',
        },
      },
    )
  })

  it('has the handler hear which slot has come', async (t) => {
    const { begin } = await sceneOf(t)
    const queue = await makeQueueFor(t)
    const { sync } = begin(new SchedulerClient(CLIENT_SETTINGS), queue.arn)
    const slot = Math.ceil(Date.now() / 1000) * 1000 + 1_000
    await sync({ often: period(60) }, { at: slot - 60_000, anchor: slot - 60_000 })
    const heard = readFiring(JSON.parse(await queue.next()))
    assert.deepEqual(heard, { key: SHOP, function: 'often', schedule: period(60), slot })
  })

  it('asks the Scheduler for nothing when a redeploy changes no schedule', async (t) => {
    const { begin } = await sceneOf(t)
    await begin().sync({ refresh: cron('0 6 * * *'), often: period(90) })
    const { sync, scheduler, database } = begin()
    const [calls, reads] = [commandsOf(scheduler), commandsOf(database)]
    await sync({ often: period(90), refresh: cron('0 6 * * *') }, { version: 2 })
    assert.deepEqual([calls, reads], [[], ['GetItemCommand', 'PutItemCommand']])
    reads.splice(0)
    await sync({ often: period(90), refresh: cron('0 6 * * *') }, { version: 2 })
    assert.deepEqual([calls, reads], [[], ['GetItemCommand']])
  })

  it('touches only what changes', async (t) => {
    const made = await sceneOf(t)
    await made.begin().sync({ refresh: cron('0 6 * * *'), report: cron('0 7 * * *') })
    const { sync, scheduler } = made.begin()
    const calls = commandsOf(scheduler)
    await sync({ refresh: cron('0 6 * * *'), report: cron('0 8 * * *') }, { version: 2 })
    assert.deepEqual(calls.toSorted(), ['CreateScheduleCommand', 'DeleteScheduleCommand'])
    assert.deepEqual(await said(made), ['cron(0 6 * * ? *)', 'cron(0 8 * * ? *)'])
  })

  it('leaves nothing of an app without schedules, not even what nobody knows of, and nothing else alone', async (t) => {
    const { group, begin } = await sceneOf(t)
    const { sync, scheduler } = begin()
    await sync({ refresh: cron('0 6 * * *') }, { app: { env: 'main', app: 'blog' } })
    await sync({ refresh: cron('0 6 * * *') })
    const [known] = await group.schedules()
    assert.ok(known)
    const stray = { ...known, Name: `${prefixOf(SHOP)}stray-1-0`, GroupName: group.name }
    await scheduler.send(new CreateScheduleCommand(stray as never))
    await sync({}, { version: 2 })
    const left = (await group.schedules()).map(({ Name }) => Name?.startsWith(prefixOf(SHOP)))
    assert.deepEqual(left, [false])
  })

  it('goes on after a crash at any call, and comes to the same', async (t) => {
    const before = { kept: cron('0 6 * * *'), dropped: cron('0 7 * * *'), changed: period(90) }
    const after = { kept: cron('0 6 * * *'), changed: period(120), added: cron('0 8 13 * 5') }
    const wanted = ['cron(0 6 * * ? *)', 'cron(0 8 13 * ? *)', 'cron(0 8 ? * 6 *)', 'rate(2 minutes)']
    for (const when of ['before', 'after'] as const) {
      for (let call = 1, crashed = true; crashed; call++) {
        const made = await sceneOf(t)
        await made.begin().sync(before)
        const { sync, scheduler, database } = made.begin()
        crashAt(call, when, [scheduler, database])
        crashed = await sync(after, { version: 2 }).then(
          () => false,
          () => true,
        )
        await made.begin().sync(after, { version: 2, at: BEGINNING + 3_600_000 })
        assert.deepEqual(await said(made), wanted, `crashed ${when} call ${call}`)
        const again = made.begin()
        const calls = commandsOf(again.scheduler)
        await again.sync(after, { version: 3 })
        assert.deepEqual(calls, [])
      }
    }
  })

  it('comes to what the highest version wants, however many sync at the same time', async (t) => {
    const made = await sceneOf(t)
    const versions = Array.from({ length: 8 }, (_, index) => index + 1)
    await Promise.all(
      versions.map((version) =>
        made
          .begin()
          .sync({ refresh: cron(`${version} 6 * * *`), [`only${version}`]: period(60) }, { version }),
      ),
    )
    assert.deepEqual(await said(made), ['cron(8 6 * * ? *)', 'rate(1 minutes)'])
  })

  it('takes back what it made for a version that was outrun meanwhile', async (t) => {
    const made = await sceneOf(t)
    const slow = made.begin()
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    slow.scheduler.middlewareStack.add(
      (next) => async (args) => {
        reached.resolve()
        await gate.promise
        return next(args)
      },
      { step: 'initialize' },
    )
    const outrun = slow.sync({ refresh: cron('0 6 * * *'), often: period(60) })
    await reached.promise
    await made.begin().sync({ refresh: cron('0 7 * * *') }, { version: 2 })
    gate.resolve()
    await outrun
    assert.deepEqual(await said(made), ['cron(0 7 * * ? *)'])
  })

  it('names schedules as the Scheduler allows, whatever the app and the function are called', async (t) => {
    const { group, begin } = await sceneOf(t)
    const names = ['a'.repeat(64), `${'a'.repeat(63)}b`, '_', 'A-b_c']
    const schedules = Object.fromEntries(names.map((name) => [name, period(90)]))
    const app = { env: 'e'.repeat(32), app: `A.${'b'.repeat(62)}` }
    const { sync } = begin()
    await sync(schedules, { app })
    const made = (await group.schedules()).map(({ Name = '' }) => Name)
    assert.equal(made.length, names.length * 2)
    for (const name of made) assert.match(name, /^[0-9a-zA-Z_-]{1,64}$/)
  })

  for (const [name, status, code, fault] of [
    [
      'a full quota',
      402,
      'ServiceQuotaExceededException',
      /as many schedules as .* quotas allow.*Service Quotas/,
    ],
    [
      'a schedule that it does not take',
      400,
      'ValidationException',
      /shop refresh: 0 6 \* \* \* UTC.*deploy again/,
    ],
    ['a group that is gone', 404, 'ResourceNotFoundException', /no schedule group .*Deploy the stacks again/],
  ] as const) {
    it(`explains ${name}`, async (t) => {
      const { begin } = await sceneOf(t)
      const endpoint = await refusing(t, { status, code })
      const { sync } = begin(new SchedulerClient({ ...CLIENT_SETTINGS, endpoint }))
      await assert.rejects(sync({ refresh: cron('0 6 * * *') }), fault)
    })
  }

  it('takes a schedule that is in conflict for another’s doing, unless it is there', async (t) => {
    const { begin } = await sceneOf(t)
    const conflict = { status: 409, code: 'ConflictException' }
    const absent = await refusing(t, { ...conflict, GET: { status: 404, code: 'ResourceNotFoundException' } })
    const fault = (error: unknown) => error instanceof SluiceError && /somebody else/.test(error.message)
    const { sync } = begin(new SchedulerClient({ ...CLIENT_SETTINGS, endpoint: absent }))
    await assert.rejects(sync({ refresh: cron('0 6 * * *') }), fault)
    const present = await refusing(t, { ...conflict, GET: { status: 200 } })
    await begin(new SchedulerClient({ ...CLIENT_SETTINGS, endpoint: present })).sync({
      refresh: cron('0 6 * * *'),
    })
  })
})
