import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CallView } from '../../protocol/api.ts'
import type { ScheduleView } from '../../protocol/schedules.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

const FAILED = 1
/** Half a day off in UTC, and in Paris not much less: it is not to run by itself meanwhile. */
const HOUR = (new Date().getUTCHours() + 12) % 24

const source = (more = '') => `
import { App, Cron } from 'sluice'

const app = new App('digest')
export const refresh = app.function({ schedule: Cron('0 ${HOUR} * * *', { timezone: 'Europe/Paris' }) }, async () => 'new')
export const plain = app.function({}, async () => {})
${more}
export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
  await deploy(source())
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a schedule is listed with its next five times, in words and as JSON', async () => {
  const { next, last } = await schedule()
  assert.deepEqual([next.length, last.length], [5, 0])
  const shown = await installation.run('schedule', 'list', 'digest')
  assert.match(
    shown,
    new RegExp(
      `^refresh {3}0 ${HOUR} \\* \\* \\* Europe/Paris\nNext: (\\d{4}-\\d\\d-\\d\\d \\d\\d:00:00(, |\n)){5}$`,
    ),
  )
})

test('a run by hand runs at once, and shows as such with how it ended', async () => {
  const call: CallView = await installation.json(
    'schedule',
    'trigger',
    'digest.refresh',
    '--reason',
    'new data',
  )
  await until('the run to end', async () => (await schedule()).last[0]?.call?.status === 'succeeded')
  const { outcome, call: made, reason } = (await schedule()).last[0] ?? assert.fail()
  assert.deepEqual([outcome, made?.id, made?.version, reason], ['triggered', call.id, 1, 'new data'])
  const shown = await installation.run('schedule', 'list', 'digest')
  assert.match(shown, new RegExp(`triggered +${call.id} +succeeded .*new data`))
})

test('a pause outlives a redeploy, says by whom and why, and ends with a resume', async () => {
  const paused = await installation.run('schedule', 'pause', 'digest.refresh', '--reason', 'moving')
  assert.match(paused, /refresh: Paused by .+ since .+: moving\n$/)
  await deploy(source('export const more = app.function({}, async () => {})'))
  assert.equal((await schedule()).paused?.reason, 'moving')
  assert.match(await installation.run('schedule', 'list', 'digest'), /\nPaused by .*: moving\n/)
  assert.match(
    await installation.run('schedule', 'resume', 'digest.refresh'),
    /refresh runs next at .* \d\d:00:00/,
  )
  assert.equal((await schedule()).paused, undefined)
  const audit = await installation.json('audit', 'list', 'digest')
  const noted = audit.items.flatMap(({ action }: { action: string }) =>
    /^schedule/.test(action) ? action : [],
  )
  assert.deepEqual(noted, ['schedule.resumed', 'schedule.paused', 'schedule.triggered'])
})

test('what has no schedule, or runs no more, cannot be run by it', async () => {
  const refused = async (words: string, says: RegExp) => {
    const { code, stderr } = await installation.cli(...words.split(' '))
    assert.deepEqual([code, says.test(stderr)], [FAILED, true], stderr)
  }
  await refused(
    'schedule trigger digest.plain',
    /plain of digest v2 has no schedule\. These have one: refresh\./,
  )
  await refused('schedule pause digest.refesh', /Did you mean "refresh"\?/)
  await refused('schedule list digset', /Did you mean "digest"\?/)
  await installation.run('app', 'stop', 'digest', '--yes')
  await refused('schedule trigger digest.refresh', /digest is (stopping|stopped)\./)
  assert.match(await installation.run('schedule', 'list', 'digest'), /^digest has no schedules\.\n$/)
})

async function deploy(text: string): Promise<void> {
  await folder.write('app.ts', text)
  await installation.run('deploy', folder.entry)
}

async function schedule(): Promise<ScheduleView> {
  const { items } = await installation.json('schedule', 'list', 'digest')
  return items[0] ?? assert.fail()
}
