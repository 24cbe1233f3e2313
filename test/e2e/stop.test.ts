import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { processesOf } from './processes.ts'
import { until } from './reached.ts'

/** What running calls are given. */
const GRACE_MS = 30_000
/** What only says that they are never gone. */
const GONE_WITHIN_MS = 2 * GRACE_MS

const SOURCE = `
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('doomed')
const opened = async (gate: string) => {
  while (!existsSync(gate)) await sleep(20)
  return gate
}

export const web = app.web({ minContainers: 1 }, async (request) => {
  const gate = new URL(request.url).searchParams.get('gate')
  return new Response(gate ? await opened(gate) : 'hello')
})

export const work = app.function({ maxContainers: 1, concurrency: 2, timeout: '10m' }, opened)

export const warm = app.function({ minContainers: 2 }, async () => process.env.SLUICE_VERSION)

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': SOURCE })
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a stopped app takes nothing new, ends what it has within its grace, and comes back with the next version', async () => {
  await installation.run('deploy', folder.entry)
  const gate = join(folder.path, 'gate')
  const quick = await spawn(gate)
  const stubborn = await spawn(join(folder.path, 'never'))
  await until('two calls to run', async () => {
    const views = await Promise.all([quick, stubborn].map((id) => callView(id)))
    return views.every(({ status }) => status === 'running')
  })
  const waiting = await spawn(gate)
  const request = installation.web('doomed-web', `/?gate=${gate}`)
  await until('the request to be in flight', async () =>
    (await containers()).some(({ requests }) => requests),
  )

  const begun = Date.now()
  assert.equal(
    await installation.run('app', 'stop', 'doomed', '--reason', 'the season is over'),
    '✓ doomed is stopping.\n',
  )
  // At once, and the rest afterwards: what runs has its grace and no longer.
  assert.equal((await installation.web('doomed-web')).status, 404)
  assert.deepEqual(await outcome(waiting), ['cancelled', 'The call was cancelled: the app was stopped.'])
  await folder.write('gate', '')
  assert.deepEqual(await outcome(quick), ['succeeded', undefined])
  assert.deepEqual([(await request).status, (await request).body], [200, gate])
  // Those who do nothing are not waited for: they are gone while the stubborn call still has its grace.
  await until(
    'all containers but that of the stubborn call to be gone',
    async () => (await containers()).length === 1,
  )
  const [refused, again] = await Promise.all([
    installation.cli('call', 'doomed.warm'),
    installation.run('app', 'stop', 'doomed'),
  ])
  const bringBack = 'bring it back with `sluice app start doomed`, or deploy it again.'
  assert.deepEqual(
    [refused.code, refused.stderr],
    [1, `✗ doomed is stopping. Once it is stopped, ${bringBack}\n`],
  )
  assert.equal(again, '✓ doomed is stopping.\n')
  await until('all containers to be gone', async () => (await containers()).length === 0, GONE_WITHIN_MS)
  assert.ok(Date.now() - begun >= GRACE_MS, 'the stubborn call was not given its grace')
  assert.deepEqual(await outcome(stubborn), ['cancelled', 'The call was cancelled: the app was stopped.'])
  await until('their processes to be gone', async () => (await containerProcesses()).length === 0)
  await untilStopped('doomed')

  const stopped = await describe()
  assert.deepEqual([stopped.state, stopped.liveVersion, stopped.functions], ['stopped', undefined, []])
  assert.match(await installation.run('app', 'describe', 'doomed'), /stopped .* by .*: the season is over$/m)
  assert.equal(await installation.run('app', 'stop', 'doomed'), '✓ doomed is stopped.\n')
  assert.deepEqual(await describe(), stopped)

  assert.match(await installation.run('deploy', folder.entry), /v2 live/)
  assert.equal((await installation.web('doomed-web')).body, 'hello')
  assert.equal(await installation.run('call', 'doomed.warm'), '2\n')
  assert.equal((await describe()).stoppedAt, undefined)
})

test('who deploys an app that is stopped before its version is live, is told so', async () => {
  const slow = `while (process.env.SLUICE_VERSION && !existsSync('${join(folder.path, 'open')}')) await sleep(20)`
  await folder.write('app.ts', SOURCE.replace('export const web', `${slow}\nexport const web`))
  const deployed = installation.cli('deploy', folder.entry, '--name', 'unborn')
  await until('its containers to start', async () => {
    const { status, body } = await installation.api('GET', '/v1/apps/unborn')
    return status === 200 && body.containers.starting > 0
  })
  const begun = Date.now()
  await installation.run('app', 'stop', 'unborn')
  const { code, stdout, stderr } = await deployed
  assert.equal(code, 1, stdout)
  assert.match(stderr, /v1 did not go live: unborn was stopped before/)
  await untilStopped('unborn')
  const { items } = await installation.json('container', 'list', 'unborn', '--all')
  const gone = (items as ContainerView[]).map(({ stoppedAt = '' }) => Date.parse(stoppedAt) - begun)
  assert.ok(gone.length > 0 && gone.every((ms) => ms < GRACE_MS), `what never began was waited for: ${gone}`)
})

async function spawn(gate: string): Promise<string> {
  const { status, body } = await installation.api('POST', '/v1/apps/doomed/functions/work/calls', {
    args: [gate],
  })
  assert.equal(status, 202)
  return body.id
}

const callView = async (id: string, wait = 0) =>
  (await installation.api('GET', `/v1/calls/${id}?wait=${wait}`)).body

async function outcome(id: string): Promise<[string, string | undefined]> {
  const { status, error } = await callView(id, 25)
  return [status, error?.message]
}

async function containers(app = 'doomed'): Promise<ContainerView[]> {
  return (await installation.api('GET', `/v1/apps/${app}/containers`)).body.items
}

const describe = (app = 'doomed') => installation.json('app', 'describe', app)

const untilStopped = (app: string) =>
  until('it to be stopped', async () => (await describe(app)).state === 'stopped')

const containerProcesses = async () =>
  (await processesOf(installation.dir)).filter(({ pid }) => pid !== installation.pid)
