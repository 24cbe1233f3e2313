import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CallView, ContainerView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { runCaller } from './caller.ts'
import { begins, ends, untilBegun } from './executions.ts'
import { Installation, sluice, until } from './installation.ts'
import { isRunning, processesOf } from './processes.ts'

const CALLS = 50
const CONTAINERS = 4
const CONCURRENCY = 5
const RUNNING = CONTAINERS * CONCURRENCY
/** Of those that run, so many end while nobody is there to hear of it. */
const EARLY = 8
/** What was killed need not be gone in the same moment. */
const DEATH_MS = 1_000

/** Each execution notes that it begins and ends, in which process; v2 starts only once it may. */
const source = (change: string) => `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'sluice'

const app = new App('hardy')
const opened = async (gate: string) => {
  while (!existsSync(gate)) await sleep(20)
}
${change}
export const work = app.function(
  { concurrency: ${CONCURRENCY}, maxContainers: ${CONTAINERS} },
  async (n: number, log: string, gate: string) => {
    appendFileSync(log, 'begin ' + n + ' ' + process.pid + '\\n')
    await opened(gate)
    appendFileSync(log, 'end ' + n + ' ' + process.pid + '\\n')
    return n
  },
)

export const web = app.web({ minContainers: 1 }, () => new Response(process.env.SLUICE_VERSION))

export const busy = app.function(async () => {
  const helper = spawn('sleep', ['1000'], { stdio: 'ignore' })
  await new Promise(() => helper)
})

export default app
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': source('') })
  await installation.run('deploy', folder.entry)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a container whose process is killed is replaced, and what it ran runs again in another', async () => {
  const log = join(folder.path, 'leader')
  const ids = await spawnCalls(log, CONCURRENCY)
  const [first, ...others] = await untilBegun(log, CONCURRENCY)
  assert.deepEqual(new Set(others.map(({ pid }) => pid)), new Set([first?.pid]), 'all calls in one container')
  const child = first?.pid ?? 0
  process.kill(await parentOf(child), 'SIGKILL')
  await until('the calls to begin again', async () => (await begins(log)).length === 2 * CONCURRENCY)
  assert.equal(await isRunning(child), false)
  await folder.write('leader.open', '')
  for (const id of ids) {
    const { status, attempts } = await ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 2])
  }
  const stopped = (await containers('--all')).filter(({ state }) => state === 'stopped')
  assert.deepEqual(
    stopped.map(({ function: name, reason }) => [name, reason]),
    [['work', 'was killed (SIGKILL)']],
  )
})

test('where only the author’s process is killed, the container starts it again, and its calls', async () => {
  const log = join(folder.path, 'child')
  const before = await pidsByContainer()
  const calls = await spawnCalls(log, CONCURRENCY)
  const [first] = await untilBegun(log, CONCURRENCY)
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await until('the calls to begin again', async () => (await begins(log)).length === 2 * CONCURRENCY)
  await folder.write('child.open', '')
  for (const id of calls) {
    const { status, attempts } = await ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 2])
  }
  assert.deepEqual(await pidsByContainer(), before)
})

test(`a control plane that is killed during a rollout, with ${CALLS} calls in flight, goes on where it was`, async () => {
  const log = join(folder.path, 'outage')
  const start = join(folder.path, 'start')
  const caller = callAll(log)
  await untilBegun(log, RUNNING)
  await folder.write('app.ts', source(`if (process.env.SLUICE_VERSION) await opened('${start}')`))
  const deployed = installation.json('deploy', folder.entry)
  await until('v2 to start its containers', async () =>
    (await containers()).some(({ version, state }) => version === 2 && state === 'starting'),
  )
  const before = await pidsByContainer()

  await installation.kill('SIGKILL')
  await folder.write('outage.early', '')
  await until('calls to end while nobody hears of it', async () => (await ends(log)).length >= EARLY)
  const [victim = assert.fail()] = (await begins(log)).filter(({ n }) => n >= EARLY)
  const lost = (await begins(log)).filter(({ pid }) => pid === victim.pid).map(({ n }) => n)
  const leader = await parentOf(victim.pid)
  process.kill(leader, 'SIGKILL')
  await installation.up()

  await until('what the dead container ran to run again', async () => {
    const numbers = (await begins(log)).map(({ n }) => n)
    return lost.every((n) => numbers.indexOf(n) !== numbers.lastIndexOf(n))
  })
  const after = await pidsByContainer()
  for (const [id, pid] of before) assert.equal(after.get(id), pid === leader ? undefined : pid, id)
  assert.equal((await installation.web('hardy-web')).body, '1')

  await folder.write('start', '')
  assert.equal((await deployed).status, 'live')
  assert.equal((await installation.web('hardy-web')).body, '2')
  await folder.write('outage.open', '')
  await assertEndedOnce(log, await caller, new Set(lost))
  await assertNoOrphans()
})

test('sluice down leaves no process, not even of the author’s making, and the next start runs again what it cut off', async () => {
  const { body } = await installation.api('POST', '/v1/apps/hardy/functions/busy/calls', { args: [] })
  for (const attempt of [1, 2]) {
    await until('the author’s code to start a process', async () => {
      const call = (await installation.api('GET', `/v1/calls/${body.id}`)).body
      return call.attempts === attempt && (await helpers()).length === 1
    })
    if (attempt === 2) await installation.kill('SIGKILL')
    assert.equal((await sluice(['down', '--dir', installation.dir], {})).code, 0)
    await until(
      'the last process to die',
      async () => (await processesOf(installation.dir)).length === 0,
      DEATH_MS,
    )
    if (attempt === 1) await installation.up()
  }
})

const helpers = async () =>
  (await processesOf(installation.dir)).filter(({ command }) => command.startsWith('sleep'))

/** A program that makes all calls and waits for their results; it answers with their ids. */
async function callAll(log: string): Promise<string[]> {
  const { results, ids } = await runCaller(
    installation,
    folder,
    `
    import { Function } from 'sluice'
    const work = Function.fromName('hardy', 'work')
    const spawned = Array.from({ length: ${CALLS} }, (_, n) =>
      work.spawn(n, '${log}', n < ${EARLY} ? '${log}.early' : '${log}.open'),
    )
    const calls = await Promise.all(spawned)
    const results = await Promise.all(calls.map((call) => call.get()))
    console.log(JSON.stringify({ results, ids: calls.map(({ id }) => id) }))
    `,
  )
  assert.deepEqual(
    results,
    Array.from({ length: CALLS }, (_, n) => n),
  )
  return ids
}

/** One end each, and one execution, save for those that died with their container. */
async function assertEndedOnce(log: string, calls: string[], lost: Set<number>): Promise<void> {
  const executions = (await begins(log)).map(({ n }) => n)
  for (const [n, id] of calls.entries()) {
    const { status, result, attempts } = await ended(id)
    const expected = lost.has(n) ? 2 : 1
    assert.deepEqual(
      { n, status, result, attempts },
      { n, status: 'succeeded', result: n, attempts: expected },
    )
    assert.equal(executions.filter((executed) => executed === n).length, expected)
  }
  const { items } = (await installation.api('GET', `/v1/apps/hardy/calls?limit=100`)).body
  assert.equal(items.filter(({ id }: CallView) => calls.includes(id)).length, CALLS)
}

/** Every process is the control plane, a container that is listed, or the child of one. */
async function assertNoOrphans(): Promise<void> {
  await until('the containers of v1 to be gone', async () =>
    (await containers()).every(({ version }) => version === 2),
  )
  const leaders = new Set((await pidsByContainer()).values())
  for (const { pid, parent, command } of await processesOf(installation.dir)) {
    const isKnown = pid === installation.pid || leaders.has(pid) || leaders.has(parent)
    assert.ok(isKnown, `process ${pid} (${command}) belongs to nobody`)
  }
}

async function spawnCalls(log: string, count: number): Promise<string[]> {
  const spawned = Array.from({ length: count }, async (_, n) => {
    const request = { args: [n, log, `${log}.open`] }
    return (await installation.api('POST', '/v1/apps/hardy/functions/work/calls', request)).body.id
  })
  return Promise.all(spawned)
}

async function ended(id: string): Promise<CallView> {
  for (;;) {
    const { body } = await installation.api('GET', `/v1/calls/${id}?wait=20`)
    if (body.endedAt !== undefined) return body
  }
}

async function containers(...options: string[]): Promise<ContainerView[]> {
  return (await installation.json('container', 'list', 'hardy', ...options)).items
}

/** The process of each container, as the platform has noted it. */
async function pidsByContainer(): Promise<Map<string, number>> {
  const pids = new Map<string, number>()
  for (const { id } of await containers()) {
    const noted = await readFile(join(installation.dir, 'containers', id, 'process.json'), 'utf8')
    const { pid } = JSON.parse(noted)
    assert.ok(await isRunning(pid), id)
    pids.set(id, pid)
  }
  return pids
}

async function parentOf(pid: number): Promise<number> {
  const found = (await processesOf(installation.dir)).find((process) => process.pid === pid)
  return found?.parent ?? assert.fail(`process ${pid} is gone`)
}
