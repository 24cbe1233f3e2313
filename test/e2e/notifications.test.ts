import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { after, before, describe, test } from 'node:test'
import type { ChannelView } from '../../protocol/channels.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'
import { isSigned, Webhook } from './webhook.ts'

const RETRIES = 2
/** The second try comes after ten seconds, a third one after twenty more; a lost hint is found after as long. */
const REDELIVERED_MS = 60_000

/** Sound where it is deployed from; what is wrong with it shows in a container only. */
const source = (app: string, start = '') => `
import { App, Cron } from 'sluice'
if (process.env.SLUICE_FUNCTION) {
  ${start}
}
const app = new App('${app}')
export const web = app.web({ minContainers: 1 }, () => new Response('hi'))
export const nightly = app.function(
  { schedule: Cron('0 3 1 1 *'), retries: { max: ${RETRIES}, initialDelay: '1s', backoff: 1 } },
  async () => {
    console.log('about to fail')
    throw new Error('no more paper')
  },
)
export default app
`
const BROKEN = "console.log('I cannot')\nthrow new Error('missing setting')"

let installation: Installation
let folder: AppFolder
let team: Webhook
let ops: Webhook
let witness: Webhook
let secret = ''

before(async () => {
  ;[installation, folder, team, ops, witness] = await Promise.all([
    Installation.start(),
    AppFolder.create(),
    Webhook.start(),
    Webhook.start(),
    Webhook.start(),
  ])
})

after(async () => {
  for (const made of [installation, folder, team, ops, witness]) await made?.[Symbol.asyncDispose]()
})

describe('people are told of what goes wrong', () => {
  test('through channels, whose secrets are printed once and whose URLs never', async () => {
    const made = await installation.cli('channel', 'create', 'team', '--webhook', team.url, '--mute', 'toy')
    assert.match(made.stderr, /^Notices go to http:\/\/127\.0\.0\.1:\d+\/… by team, and are signed/)
    secret = made.stdout.trim()
    await installation.run('channel', 'create', 'ops', '--webhook', ops.url, '--app', 'toy')
    assert.equal(await installation.run('channel', 'test', 'team'), '✓ team took it.\n')
    const said = [
      await installation.run('channel', 'list'),
      await installation.run('channel', 'list', '--json'),
      await installation.run('audit', 'list'),
      installation.output,
    ].join('\n')
    assert.match(said, /^team +http:\/\/127\.0\.0\.1:\d+\/… +working/m)
    assert.doesNotMatch(said, /canary|whsec_/)
  })

  test('of a rollout that failed: once, signed, with its version, its deployer and its last words', async () => {
    await folder.write('app.ts', source('shop'))
    await installation.run('deploy', folder.entry)
    await folder.write('app.ts', source('shop', BROKEN))
    const failed = await installation.cli('deploy', folder.entry)
    assert.equal(failed.code, 1)
    const told = await team.untilTold('rollout_failed')
    assert.ok(isSigned(told, secret), 'the signature is that of the secret')
    assert.equal(told.headers['sluice-notice'], 'rollout_failed/main/shop/2')
    const { text, blocks } = JSON.parse(told.body)
    assert.match(text, /^A rollout failed: shop v2\. v2 of shop did not go live\./)
    const shown = JSON.stringify(blocks)
    assert.match(shown, new RegExp(`I cannot.*v2 · deployed by ${userInfo().username} · \\d{4}-`))
    assert.match(await installation.run('app', 'history', 'shop'), /^v2 +failed .*missing setting/m)
  })

  test('of a scheduled call that failed: once, after its last retry, with what it wrote', async () => {
    await installation.run('schedule', 'trigger', 'shop.nightly')
    const told = await team.untilTold('scheduled_call_failed')
    const { text, blocks } = JSON.parse(told.body)
    const times = RETRIES + 1
    assert.match(text, new RegExp(`nightly of shop v1.*failed ${times} times\\. Error: no more paper`))
    const writes = JSON.stringify(blocks).match(/about to fail/g) ?? []
    assert.equal(writes.length, times, 'it tells what all attempts wrote')
  })

  test('of one app only where that is wanted, and not of those that are muted', async () => {
    await folder.write('app.ts', source('toy', BROKEN))
    await installation.cli('deploy', folder.entry)
    const told = await ops.untilTold('rollout_failed')
    assert.equal(told.headers['sluice-notice'], 'rollout_failed/main/toy/1')
    assert.equal(ops.of('scheduled_call_failed').length, 0)
    assert.equal(team.of('rollout_failed').length, 1)
  })

  test('later where their webhook is dead for a while, though the control plane is killed meanwhile', async () => {
    team.isDown = true
    await folder.write('app.ts', source('shop', BROKEN.replace('missing', 'still missing')))
    await installation.cli('deploy', folder.entry)
    await until('a delivery that is refused', async () => team.refused > 0)
    await until('the channel to be called failing', async () => (await channel('team')).state === 'failing')
    assert.match((await channel('team')).failure ?? '', /^it answered 503$/)
    await installation.kill('SIGKILL')
    team.isDown = false
    await installation.up()
    await until('the notice', async () => team.of('rollout_failed').length > 1, REDELIVERED_MS)
    const ids = team.of('rollout_failed').map(({ headers }) => headers['sluice-notice'])
    assert.deepEqual(ids, ['rollout_failed/main/shop/2', 'rollout_failed/main/shop/3'])
    await until('the channel to be called working', async () => (await channel('team')).state === 'working')
  })

  test('no more once the channel is deleted, and who did so is on record', async () => {
    await installation.run('channel', 'create', 'witness', '--webhook', witness.url, '--app', 'toy')
    await installation.run('channel', 'delete', 'ops')
    await folder.write('app.ts', source('toy', BROKEN.replace('missing', 'another')))
    await installation.cli('deploy', folder.entry)
    // Whom to tell is found out a moment later.
    await witness.untilTold('rollout_failed')
    await installation.run('channel', 'create', 'late', '--webhook', ops.url, '--only', 'rollout_failed')
    await folder.write('app.ts', source('toy', BROKEN.replace('missing', 'a third')))
    await installation.cli('deploy', folder.entry)
    await until('the notice after it', async () => ops.of('rollout_failed').length > 1)
    const ids = ops.of('rollout_failed').map(({ headers }) => headers['sluice-notice'])
    assert.deepEqual(ids, ['rollout_failed/main/toy/1', 'rollout_failed/main/toy/3'])
    assert.match(await installation.run('audit', 'list'), /channel\.deleted +ops +\S+/)
  })
})

test('what cannot be a channel is refused on the command line, too', async () => {
  const wrong: [words: string, code: number, message: RegExp][] = [
    ['channel create a --webhook http://example.org', 1, /webhook must begin with https:\/\//],
    ['channel create a --only nothing', 2, /Write some of scheduled_call_failed, /],
    ['channel create a', 1, /give either webhook/],
    ['channel create A!', 1, /must be 1 to 32 of a-z/],
    ['channel test nobody', 1, /There is no channel "nobody"/],
    ['channel delete tean', 1, /Did you mean "team"\?/],
  ]
  for (const [words, code, message] of wrong) {
    const outcome = await installation.cli(...words.split(' '))
    assert.match(outcome.stderr, message, words)
    assert.equal(outcome.code, code, words)
  }
})

async function channel(name: string): Promise<ChannelView> {
  const { items }: { items: ChannelView[] } = await installation.json('channel', 'list')
  return items.find((item) => item.name === name) ?? assert.fail()
}
