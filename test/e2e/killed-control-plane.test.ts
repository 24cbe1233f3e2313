import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CallView } from '../../protocol/api.ts'
import { AppFolder } from './app-folder.ts'
import { runCaller } from './caller.ts'
import { begins, ends, untilBegun } from './executions.ts'
import { CONCURRENCY, CONTAINERS, HardyApp, hardySource } from './hardy-app.ts'
import { Installation } from './installation.ts'
import { type FoundProcess, isRunning, processesOf } from './processes.ts'
import { sluice, until } from './reached.ts'

const CALLS = 50
const RUNNING = CONTAINERS * CONCURRENCY
/** Of those that run, so many end while nobody is there to hear of it. */
const EARLY = 8

let installation: Installation
let folder: AppFolder
let app: HardyApp

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create({ 'app.ts': hardySource() })
  await installation.run('deploy', folder.entry)
  app = new HardyApp(installation)
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('a control plane that was killed serves again as soon as it is back, from the same containers', async () => {
  const before = await app.pidsByContainer()
  await installation.kill('SIGKILL')
  await installation.up()
  assert.equal((await installation.web('hardy-web')).body, '1')
  assert.deepEqual(await app.pidsByContainer(), before)
})

test('a control plane that comes back at another address does not wait for containers that cannot find it', async () => {
  assert.equal(await installation.run('call', 'hardy.hello'), 'hello\n')
  const before = await app.pidsByContainer()
  await installation.kill('SIGKILL')
  installation.url = ''
  await installation.up()
  for (const pid of before.values()) assert.equal(await isRunning(pid), false)
  const left = (await app.containers()).filter(({ id }) => before.has(id))
  assert.deepEqual(left, [], 'none is still waited for')
  assert.equal((await installation.web('hardy-web')).body, '1')
  assert.equal(await installation.run('call', 'hardy.hello'), 'hello\n')
})

test(`a control plane that is killed during a rollout, with ${CALLS} calls in flight, goes on where it was`, async () => {
  const log = join(folder.path, 'outage')
  const start = join(folder.path, 'start')
  const caller = callAll(log)
  await untilBegun(log, RUNNING)
  await folder.write('app.ts', hardySource(`if (process.env.SLUICE_VERSION) await opened('${start}')`))
  const deployed = installation.json('deploy', folder.entry)
  await until('v2 to start its containers', async () =>
    (await app.containers()).some(({ version, state }) => version === 2 && state === 'starting'),
  )
  const before = await app.pidsByContainer()

  await installation.kill('SIGKILL')
  await folder.write('outage.early', '')
  await until('calls to end while nobody hears of it', async () => (await ends(log)).length >= EARLY)
  const [victim = assert.fail()] = (await begins(log)).filter(({ n }) => n >= EARLY)
  const lost = (await begins(log)).filter(({ pid }) => pid === victim.pid).map(({ n }) => n)
  const leader = await app.parentOf(victim.pid)
  process.kill(leader, 'SIGKILL')
  await installation.up()

  await until('what the dead container ran to run again', async () => {
    const numbers = (await begins(log)).map(({ n }) => n)
    return lost.every((n) => numbers.indexOf(n) !== numbers.lastIndexOf(n))
  })
  const after = await app.pidsByContainer()
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
  const id = await app.spawnBusy()
  for (const attempt of [1, 2]) {
    await app.untilHelper()
    assert.equal((await installation.api('GET', `/v1/calls/${id}`)).body.attempts, attempt)
    if (attempt === 2) await installation.kill('SIGKILL')
    assert.equal((await sluice(['down', '--dir', installation.dir], {})).code, 0)
    // What was killed need not be gone in the same moment.
    await until('the last process to die', async () => (await processesOf(installation.dir)).length === 0)
    if (attempt === 1) await installation.up()
  }
})

/** A program that makes all calls and waits for their results; it answers with their ids. */
async function callAll(log: string): Promise<string[]> {
  const { results, ids } = await runCaller(
    installation,
    folder,
    `
    import { Function } from 'sluice'
    const work = Function.fromName('hardy', 'work')
    const spawn = (n, gate) => work.spawn(n, '${log}', gate)
    const numbers = Array.from({ length: ${CALLS} }, (_, n) => n)
    // First, so that they are among those that run.
    const early = await Promise.all(numbers.slice(0, ${EARLY}).map((n) => spawn(n, '${log}.early')))
    const others = await Promise.all(numbers.slice(${EARLY}).map((n) => spawn(n, '${log}.open')))
    const calls = [...early, ...others]
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
    const { status, result, attempts } = await app.ended(id)
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
    (await app.containers()).every(({ version }) => version === 2),
  )
  const leaders = new Set((await app.pidsByContainer()).values())
  const isKnown = ({ pid, parent }: FoundProcess) =>
    pid === installation.pid || leaders.has(pid) || leaders.has(parent)
  // What was killed need not be gone in the same moment.
  await until('whatever belongs to nobody to be gone', async () =>
    (await processesOf(installation.dir)).every(isKnown),
  )
}
