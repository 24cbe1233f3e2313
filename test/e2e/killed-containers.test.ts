import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AppFolder } from './app-folder.ts'
import { begins, untilBegun } from './executions.ts'
import { CONCURRENCY, HardyApp, hardySource } from './hardy-app.ts'
import { Installation } from './installation.ts'
import { isRunning } from './processes.ts'
import { until } from './reached.ts'

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

test('a container whose process is killed is replaced, and what it ran runs again in another', async () => {
  const log = join(folder.path, 'leader')
  const ids = await app.spawnCalls(log, CONCURRENCY)
  const [first, ...others] = await untilBegun(log, CONCURRENCY)
  assert.deepEqual(new Set(others.map(({ pid }) => pid)), new Set([first?.pid]), 'all calls in one container')
  const child = first?.pid ?? 0
  process.kill(await app.parentOf(child), 'SIGKILL')
  await until('the calls to begin again', async () => (await begins(log)).length === 2 * CONCURRENCY)
  await until('the author’s process to have died with it', async () => !(await isRunning(child)))
  await folder.write('leader.open', '')
  for (const id of ids) {
    const { status, attempts } = await app.ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 2])
  }
  const stopped = (await app.containers('--all')).filter(({ state }) => state === 'stopped')
  assert.deepEqual(
    stopped.map(({ function: name, reason }) => [name, reason]),
    [['work', 'was killed (SIGKILL)']],
  )
})

test('a container that is killed takes along what the author’s code had started, and a call that is cancelled, too', async () => {
  const id = await app.spawnBusy()
  const helper = await app.untilHelper()
  process.kill(await app.parentOf(helper.parent), 'SIGKILL')
  await until('the helper to die', async () => !(await isRunning(helper.pid)))

  const another = await app.untilHelper()
  assert.notEqual(another.pid, helper.pid)
  const before = await app.pidsByContainer()
  await installation.api('POST', `/v1/calls/${id}/cancel`)
  await until('the other helper to die', async () => !(await isRunning(another.pid)))
  assert.deepEqual(await app.pidsByContainer(), before)
})

test('where only the author’s process is killed, the container starts it again, and its calls', async () => {
  const log = join(folder.path, 'child')
  const before = await app.pidsByContainer()
  const calls = await app.spawnCalls(log, CONCURRENCY)
  const [first] = await untilBegun(log, CONCURRENCY)
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await until('the calls to begin again', async () => (await begins(log)).length === 2 * CONCURRENCY)
  await folder.write('child.open', '')
  for (const id of calls) {
    const { status, attempts } = await app.ended(id)
    assert.deepEqual([status, attempts], ['succeeded', 2])
  }
  assert.deepEqual(await app.pidsByContainer(), before)
})
