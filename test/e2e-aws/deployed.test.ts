import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallView, ContainerView, VersionView } from '../../protocol/api.ts'
import type { ScheduleView } from '../../protocol/schedules.ts'
import { Console } from '../console/console.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { CallLoad } from '../e2e/call-load.ts'
import { untilHandedOver } from '../e2e/handed-over.ts'
import { ROOT, until } from '../e2e/reached.ts'
import { echo, type Visit, WebLoad } from '../e2e/web-load.ts'
import { buildRunnerImage } from '../emulator/image/runner.ts'
import { WITHOUT_CHROMIUM } from '../fixtures/chromium.ts'
import { apiCalls, forgetApiCalls, writesOf } from './api-calls.ts'
import { broken, busy, everyMinute, guarded, mortal, page, quiet, warm } from './apps.ts'
import { AwsInstallation } from './aws-installation.ts'
import { assertAsDocumented, type Counted, requestsPer } from './costs.ts'
import { appResources, keptOfApps, runningTasks, stackResources, stoppedTasks } from './leftovers.ts'
import { Stacks } from './stacks.ts'
import { Told } from './told.ts'

const SKIP = process.env.AWS_ENDPOINT_URL
  ? false
  : 'no AWS emulator: start it with scripts/emulator up, then eval "$(scripts/emulator env)"'
const DOMAIN = 'sluice.test'
const EXAMPLE = join(ROOT, 'examples', 'podcast-search', 'app.ts')
const REDEPLOYS = 5
const COUNTED_CALLS = 20
const LONG_S = 60
/** Containers start in seconds, draining ones are told within half a minute. */
const PATIENCE_MS = 120_000

let stacks: Stacks
let sluice: AwsInstallation
let folder: AppFolder

before(async () => {
  if (SKIP) return
  folder = await AppFolder.create()
  stacks = await Stacks.inFolder({
    domain: DOMAIN,
    removalPolicy: 'destroy',
    runnerImage: buildRunnerImage(),
    architecture: 'x86_64',
  })
  await stacks.bootstrap()
  sluice = await AwsInstallation.open(await stacks.deploy(), DOMAIN)
})

after(async () => {
  await folder?.[Symbol.asyncDispose]()
})

test('a call and an idle minute ask no more of AWS than the operators’ guide says', {
  skip: SKIP,
}, async () => {
  await deploy(warm)
  await sluice.run('call', 'warm.double', '1')
  await forgetApiCalls()
  for (let n = 0; n < COUNTED_CALLS; n++) await sluice.run('call', 'warm.double', String(n))
  assertAsDocumented('a call of a warm function', requestsPer(await apiCalls(), COUNTED_CALLS))
  await forgetApiCalls()
  await sleep(60_000)
  assertAsDocumented('an idle minute of a warm container', requestsPer(await apiCalls(), 1))
  // Heartbeats have come since, and with them a report.
  const { total } = await sluice.json('usage', 'warm')
  assert.ok(total.calls > 0 && total.cost.total > 0, JSON.stringify(total))
  await sluice.run('app', 'stop', 'warm')
})

test('the example is deployed through the API, and its page comes from a container', {
  skip: SKIP,
}, async () => {
  const version: VersionView = await sluice.json('deploy', EXAMPLE)
  assert.deepEqual([version.version, version.status], [1, 'live'])
  assert.match(version.urls.web ?? '', /^http:\/\/podcast-search-web\.sluice\.test/)
  const page = await sluice.web('podcast-search-web')
  assert.equal(page.status, 200)
  assert.match(page.body, /<title>Podcast search<\/title>/)
  assert.equal(page.headers['sluice-version'], '1')
  const { items } = await sluice.json('container', 'list', 'podcast-search')
  const started = (await runningTasks()).map(({ startedBy }) => startedBy)
  assert.equal(items.length, 1)
  assert.ok(started.includes(items[0].id), 'the container is a task')
})

test('calls are answered, spawned ones are kept, and a map fans out', { skip: SKIP }, async () => {
  const found: CallView = await sluice.json('call', 'podcast-search.search', '"liberty"')
  assert.equal(found.status, 'succeeded', JSON.stringify(found.error))
  assert.match(JSON.stringify(found.result), /liberty/i)
  const spawned: CallView = await sluice.json('call', 'podcast-search.search', '"ocean"', '--spawn')
  await until(
    'the spawned call to succeed',
    async () => (await view(spawned.id)).status === 'succeeded',
    PATIENCE_MS,
  )
  const { body } = await sluice.api('GET', '/v1/apps/podcast-search/calls')
  const episodes = body.items.filter((call: CallView) => call.function === 'indexEpisode')
  assert.ok(episodes.length > 1, 'the index was built by a map over the episodes')
  assert.ok(episodes.every((call: CallView) => call.status === 'succeeded'))
})

test('CI deploys with its AWS identity and no token', { skip: SKIP }, async () => {
  const { code, stdout, stderr } = await sluice.signed('app', 'list')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /podcast-search/)
})

test('a token is held to its role, also by a web function that asks for one', { skip: SKIP }, async () => {
  const tokenOf = async (role: string) =>
    (await sluice.run('token', 'create', role, '--role', role, '--expires', '1h')).trim()
  const [viewer, invoker] = [await tokenOf('viewer'), await tokenOf('invoker')]
  const list = async (token: string) => (await sluice.api('GET', '/v1/apps', undefined, token)).status
  assert.deepEqual([await list(viewer), await list(invoker)], [200, 403])

  await deploy(guarded)
  const ask = (headers: Record<string, string>) => sluice.web('guarded-web', '/', { headers })
  const greeted = await ask({ authorization: `Bearer ${invoker}`, 'sluice-caller': 'token:owner' })
  assert.deepEqual([greeted.status, greeted.body], [200, 'token:invoker'])
  assert.equal((await ask({ authorization: `Bearer ${viewer}` })).status, 403)
  assert.equal((await ask({})).status, 401)
  await sluice.run('app', 'stop', 'guarded')

  await sluice.run('token', 'revoke', 'viewer')
  assert.equal(await list(viewer), 401)
})

test('a failed rollout is told by a topic and on the bus', { skip: SKIP }, async () => {
  await using told = await Told.make()
  await told.hearTopic(sluice.topic)
  await sluice.run('channel', 'create', 'pager', '--topic', sluice.topic)
  await folder.write('app.ts', broken)
  const { code, stderr } = await sluice.cli('deploy', folder.entry)
  assert.deepEqual([code, /the index is missing/.test(stderr)], [1, true], stderr)
  const isNotice = /rollout_failed.*broken.*the index is missing/s
  await until('the topic to tell', () => told.hasHeard(isNotice), PATIENCE_MS)

  await told.hearBus()
  await sluice.run('app', 'stop', 'broken')
  await until('the bus to tell', () => told.hasHeard(/app\.stopping/), PATIENCE_MS)
})

test('a staged version is reached at its own address and by a header, until it is promoted', {
  skip: SKIP,
}, async () => {
  await deploy(page('one'))
  assert.equal((await sluice.web('page-web')).body, 'one')
  await folder.write('app.ts', page('two'))
  await sluice.run('deploy', folder.entry, '--staged')
  await until(
    'the staged version to answer',
    async () => (await sluice.web('page-web--v2')).body === 'two',
    PATIENCE_MS,
  )
  const byHeader = await sluice.web('page-web', '/', { headers: { 'sluice-version': '2' } })
  assert.deepEqual([byHeader.status, byHeader.body], [200, 'two'])
  assert.equal((await sluice.web('page-web')).body, 'one')

  await sluice.run('app', 'promote', 'page')
  // A version is live a little before the load balancer has taken it up.
  await until(
    'the promoted version to be served',
    async () => (await sluice.web('page-web')).body === 'two',
    PATIENCE_MS,
  )
  await until(
    'the address of the staged version to go',
    async () => (await sluice.web('page-web--v2')).status === 404,
    PATIENCE_MS,
  )
})

test('the console opens at its own address, signed in by a link, shows a deploy as it happens, and rolls back', {
  skip: SKIP || WITHOUT_CHROMIUM,
}, async () => {
  const { version: before } = await deploy(page('good'))
  await using console = await Console.open(sluice)
  // The emulator's certificate is nobody's to check.
  const view = await console.stranger({ ignoreHTTPSErrors: true })
  const { url } = await sluice.json('app', 'dashboard', 'page')
  await view.goto(url)
  const isLive = (version: number) =>
    view
      .getByRole('listitem', { name: `v${version}`, exact: true })
      .getByText('live', { exact: true })
      .waitFor()
  await isLive(before)
  assert.equal(view.url(), `${sluice.consoleUrl}/apps/main/page`)

  await deploy(page('worse'))
  await isLive(before + 1)

  await view.getByRole('button', { name: `Roll back to v${before}`, exact: true }).click()
  const dialog = view.getByRole('dialog', { name: `Roll page back to v${before}` })
  await dialog.getByLabel('Reason').fill('it is worse')
  await dialog.getByRole('button', { name: 'Roll back' }).click()
  await isLive(before + 2)
  await dialog.waitFor({ state: 'hidden' }).catch(async (error) => {
    throw new Error(`The dialog stays, and says: ${await dialog.textContent()}`, { cause: error })
  })
  // A version is live a little before the load balancer has taken it up.
  const isServed = async () => (await sluice.web('page-web')).body === 'good'
  await until('the version before to be served', isServed, PATIENCE_MS)

  await view.getByRole('link', { name: 'Logs', exact: true }).click()
  const isTold = (version: number) =>
    view.getByText(`v${version} is live: calls and requests go to it`).waitFor()
  await isTold(before + 2)
  await deploy(page('better'))
  await isTold(before + 3)
})

test('redeploys under load fail no request and lose no call', { skip: SKIP }, async () => {
  await deploy(busy('first'))
  await using web = new WebLoad(sluice, 'busy-web', [quick, slow, () => echo('/echo')])
  await using calls = new CallLoad(sluice, { app: 'busy', function: 'double', args: (n) => [n, n % 60] })
  web.begin({ keptAlive: 3, fresh: 1 })
  calls.begin({ waiting: 1, spawning: 1 })
  for (let n = 1; n <= REDEPLOYS; n++) await deploy(busy(`redeploy ${n}`))
  const rollback: VersionView = await sluice.json('app', 'rollback', 'busy')
  assert.deepEqual([rollback.status, rollback.origin], ['live', 'rollback'])
  await web.end()
  await calls.end()

  assert.deepEqual(
    web.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  const served = new Set(web.visited.map(({ version }) => version))
  assert.ok(served.size > REDEPLOYS / 2, `only ${[...served]} served`)
  assert.deepEqual(calls.refused, [])
  for (const { args, view } of calls.called) {
    assert.equal(view.status, 'succeeded', JSON.stringify(view.error))
    assert.equal((view.result as { doubled: number }).doubled, 2 * Number(args[0]))
  }
})

test('containers of old versions drain and exit by themselves', { skip: SKIP }, async () => {
  const { liveVersion } = await sluice.json('app', 'describe', 'busy')
  await until(
    'only containers of the live version to be left',
    async () => {
      const { items } = await sluice.json('container', 'list', 'busy')
      return items.length > 0 && items.every(({ version }: ContainerView) => version === liveVersion)
    },
    PATIENCE_MS,
  )
  const past: ContainerView[] = (await sluice.json('container', 'list', 'busy', '--all')).items
  const ids = past.flatMap(({ id, version }) => (version === liveVersion ? [] : id))
  const stopped = async () => (await stoppedTasks()).filter(({ startedBy = '' }) => ids.includes(startedBy))
  await until('their tasks to have stopped', async () => (await stopped()).length >= REDEPLOYS, PATIENCE_MS)
  for (const { stopCode, containers = [] } of await stopped()) {
    assert.equal(stopCode, 'EssentialContainerExited')
    assert.equal(containers[0]?.exitCode, 0)
  }
})

test('a call of a minute outlives a redeploy, on the version that it began on', { skip: SKIP }, async () => {
  await deploy(busy('before the long call'))
  const spawned: CallView = await sluice.json('call', 'busy.wait', String(LONG_S), '--spawn')
  await until('it to run', async () => (await view(spawned.id)).status === 'running', PATIENCE_MS)
  await deploy(busy('after'))
  assert.equal((await view(spawned.id)).status, 'running')
  await until('it to end', async () => (await view(spawned.id)).status !== 'running', 2 * LONG_S * 1000)
  const { status, result, attempts } = await view(spawned.id)
  assert.deepEqual([status, result, attempts], ['succeeded', 'before the long call', 1])
})

test('the call of a container that is killed runs again in another', { skip: SKIP }, async () => {
  await deploy(mortal)
  const spawned: CallView = await sluice.json('call', 'mortal.work', '--spawn')
  await until('it to run', async () => (await view(spawned.id)).status === 'running', PATIENCE_MS)
  const { items } = await sluice.json('container', 'list', 'mortal')
  killTask(items[0].id, await runningTasks())
  await until('it to end', async () => (await view(spawned.id)).status === 'succeeded', PATIENCE_MS)
  const { result, attempts } = await view(spawned.id)
  assert.deepEqual([result, attempts], ['done', 2])
})

test('a schedule fires through EventBridge Scheduler, and its list says so', { skip: SKIP }, async () => {
  await deploy(everyMinute)
  await until(
    'the first slot',
    async () => {
      const { body } = await sluice.api('GET', '/v1/apps/clock/calls')
      return body.items.some(({ status }: CallView) => status === 'succeeded')
    },
    PATIENCE_MS,
  )
  await until('its record', async () => {
    const { items } = await sluice.json('schedule', 'list', 'clock')
    const last: ScheduleView['last'] = items[0].last
    return last.some(({ outcome, call }) => outcome === 'fired' && call?.status === 'succeeded')
  })
})

test('an endpoint without a container wakes one and answers from it', { skip: SKIP }, async () => {
  await deploy(quiet('awake'))
  const { status, body, headers } = await sluice.web('quiet-page')
  assert.deepEqual([status, body, headers['sluice-version']], [200, 'awake', '1'])
})

test('what a container writes is read back through CloudWatch', { skip: SKIP }, async () => {
  await sluice.run('call', 'quiet.hello', '"bob"')
  await until('its line', async () => /greeting bob/.test(await sluice.run('app', 'logs', 'quiet')))
})

test('a redeploy of code alone changes no task, address or schedule', { skip: SKIP }, async () => {
  // All that is asked of the account is counted, so whatever acts by itself has to be at rest.
  const others = ['warm', 'podcast-search', 'guarded', 'page', 'busy', 'mortal', 'clock']
  for (const app of others) await sluice.run('app', 'stop', app)
  for (const app of [...others, 'quiet'])
    await until(`${app} to be at rest`, async () => (await containersOf(app)) === 0, PATIENCE_MS)
  const counted: Counted[] = []
  // The minute's sweep may come during one of them, but not during both.
  for (const mark of ['changed', 'changed again']) {
    await forgetApiCalls()
    const { version } = await deploy(quiet(mark))
    const made = await apiCalls()
    for (const service of ['ecs', 'elasticloadbalancing', 'scheduler'])
      assert.deepEqual(writesOf(made, service), {}, service)
    counted.push(requestsPer(made, 1))
    await untilHandedOver(sluice, 'quiet', version)
  }
  const [fewest] = counted.sort((a, b) => a.reads - b.reads)
  assertAsDocumented('a redeploy of code alone', fewest ?? assert.fail())
})

test('stopping every app leaves no task, rule, target group, schedule or queue', { skip: SKIP }, async () => {
  for (const app of ['warm', 'podcast-search', 'guarded', 'page', 'busy', 'mortal', 'clock', 'quiet']) {
    await sluice.run('app', 'stop', app)
    const isGone = async () => (await sluice.web(`${app}-web`)).status === 404
    await until(`the address of ${app} to go`, isGone, PATIENCE_MS)
  }
  const empty = { tasks: [], rules: [], targetGroups: [], schedules: [], queues: [] }
  await until(
    'nothing to be left',
    async () => Object.values(await appResources()).every((found) => found.length === 0),
    PATIENCE_MS,
  ).catch(() => undefined)
  assert.deepEqual(await appResources(), empty)
})

test('collecting the stopped apps leaves nothing of them but the numbers of their versions', {
  skip: SKIP,
}, async () => {
  const { items } = await sluice.json('app', 'list')
  for (const { name } of items) await sluice.run('collect', '--app', name)
  assert.deepEqual(await keptOfApps(), { streams: [], versions: [] })
  assert.deepEqual((await sluice.json('app', 'list')).items, [])
  await sluice.run('collect')
})

test('cdk destroy leaves nothing', { skip: SKIP }, async () => {
  await stacks.destroy()
  assert.deepEqual(await stackResources(), {
    tables: [],
    buckets: [],
    functions: [],
    loadBalancers: [],
    queues: [],
    clusters: [],
  })
})

async function deploy(source: string): Promise<VersionView> {
  await folder.write('app.ts', source)
  const version: VersionView = await sluice.json('deploy', folder.entry)
  assert.equal(version.status, 'live', JSON.stringify(version.error))
  return version
}

async function view(id: string): Promise<CallView> {
  return (await sluice.api('GET', `/v1/calls/${id}`)).body
}

async function containersOf(app: string): Promise<number> {
  const { items } = await sluice.json('container', 'list', app)
  return items.length
}

/** As a machine that fails would: the engine is not asked to stop it. */
function killTask(containerId: string, tasks: Awaited<ReturnType<typeof runningTasks>>): void {
  const task = tasks.find(({ startedBy }) => startedBy === containerId)
  const taskId = task?.taskArn?.split('/').at(-1) ?? ''
  const names = execFileSync('podman', ['ps', '--format', '{{.Names}}'], { encoding: 'utf8' }).split('\n')
  const name = names.find(
    (candidate) => candidate.includes(taskId.slice(0, 8)) && candidate.endsWith('runner'),
  )
  assert.ok(name, `no container of task ${taskId} among ${names}`)
  execFileSync('podman', ['kill', '--signal', 'KILL', name])
}

const quick = (): Visit => ({ path: '/', isRight: isVersion })
const slow = (): Visit => ({ path: `/?ms=${50 + Math.floor(Math.random() * 400)}`, isRight: isVersion })
const isVersion: Visit['isRight'] = ({ headers, body }) => body === headers['sluice-version']
