import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { ContainerFolders } from '../../platforms/local/compute/folders.ts'
import { identify, isAlive, type ProcessIdentity } from '../../platforms/local/compute/processes.ts'
import { type ControlPlaneFile, runningControlPlane } from '../../platforms/local/state-folder.ts'
import { AppFolder } from '../e2e/app-folder.ts'
import { type CommandResult, sluice, until } from '../e2e/reached.ts'
import { lastingPort } from '../fixtures/lasting-port.ts'
import { startSluice } from './sluice.ts'

const WARM_APP = `
  import { App } from 'sluice'
  const app = new App('warm')
  export const hello = app.function({ minContainers: 2 }, () => 'hello')
  export const endless = app.function(() => new Promise(() => {}))
  export default app
`
const ANY_PORT = ['--port', '0', '--ingress-port', '0']

let parent: string
let dir: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sluice-up-'))
  dir = join(parent, 'state')
})
afterEach(async () => {
  await run('down', '--dir', dir)
  await rm(parent, { recursive: true })
})

const run = (...args: string[]): Promise<CommandResult> => sluice(args, {}, parent)
const upDetached = (): Promise<CommandResult> => run('up', '--dir', dir, ...ANY_PORT, '--detach')

function controlPlane(): ControlPlaneFile {
  const found = runningControlPlane(dir)
  assert.ok(found, 'a control plane runs')
  return found
}

/** Deploys an app that keeps two containers; answers their processes. */
async function deployWarm(): Promise<ProcessIdentity[]> {
  await using folder = await AppFolder.create({ 'app.ts': WARM_APP })
  const { code, stderr } = await sluice(['deploy', folder.entry], { SLUICE_DIR: dir })
  assert.equal(code, 0, stderr)
  const folders = new ContainerFolders(dir)
  const processes = folders.list().flatMap((id) => folders.read(id) ?? [])
  assert.equal(processes.length, 2)
  return processes
}

test('up in the background returns when the platform answers, and down leaves no process', async () => {
  const { code, stdout } = await upDetached()
  assert.equal(code, 0)
  const running = controlPlane()
  for (const part of [running.url, dir, join(dir, 'token')]) assert.ok(stdout.includes(part), part)
  assert.equal((await fetch(`${running.url}/healthz`)).status, 200)
  const containers = await deployWarm()
  const down = await run('down', '--dir', dir)
  assert.deepEqual([down.code, [running, ...containers].filter(isAlive)], [0, []])
  assert.equal(existsSync(join(dir, 'control-plane.json')), false)
})

test('up says how to deploy and how to make the command line find it', async () => {
  const { stdout } = await upDetached()
  assert.match(stdout, /sluice deploy app\.ts/)
  assert.ok(stdout.includes(`export SLUICE_DIR=${dir}`))
  assert.ok(stdout.includes(`sluice down --dir ${dir}`))
})

test('a second Ctrl-C does not wait for what runs, and leaves no process either', async () => {
  const up = startSluice(['up', '--dir', dir, ...ANY_PORT], { cwd: parent })
  const exited = once(up, 'exit')
  let said = ''
  up.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  await until('the platform to be ready', () => runningControlPlane(dir) !== undefined)
  const containers = await deployWarm()
  await sluice(['call', 'warm.endless', '--spawn'], { SLUICE_DIR: dir })
  await until('a call to run', async () => {
    const { stdout } = await sluice(['app', 'describe', 'warm', '--json'], { SLUICE_DIR: dir })
    return /"running": 1/.test(stdout)
  })
  up.kill('SIGINT')
  await until('the first to be heard', () => said.includes('Ctrl-C'))
  up.kill('SIGINT')
  assert.deepEqual(await exited, [1, null], 'it ended by itself, and not in its own time')
  assert.ok(!said.includes('Stopped.'), said)
  assert.deepEqual(containers.filter(isAlive), [])
})

test('down kills what a control plane that was killed has left', async () => {
  await upDetached()
  const running = controlPlane()
  const containers = await deployWarm()
  process.kill(running.pid, 'SIGKILL')
  await until('the control plane to be gone', () => !isAlive(running))
  assert.ok(containers.every(isAlive), 'containers outlive the control plane')
  const { code, stdout } = await run('down', '--dir', dir)
  assert.deepEqual([code, containers.filter(isAlive)], [0, []])
  assert.match(stdout, /2 containers/)
})

test('a start after a kill takes the containers over', async () => {
  const ports = ['--port', `${await lastingPort()}`, '--ingress-port', '0']
  await run('up', '--dir', dir, ...ports, '--detach')
  const running = controlPlane()
  const containers = await deployWarm()
  process.kill(running.pid, 'SIGKILL')
  await until('the control plane to be gone', () => !isAlive(running))
  const again = await run('up', '--dir', dir, ...ports, '--detach')
  assert.equal(again.code, 0, again.stderr)
  const called = await sluice(['call', 'warm.hello'], { SLUICE_DIR: dir })
  assert.match(called.stdout, /hello/)
  assert.ok(containers.every(isAlive))
})

test('down with nothing to stop says so, and makes nothing', async () => {
  const { code, stderr } = await run('down', '--dir', dir)
  assert.equal(code, 0)
  assert.ok(stderr.includes(`Nothing runs on ${dir}`))
  assert.equal(existsSync(dir), false)
})

test('down leaves alone a process that got the number of a control plane that died', async () => {
  await upDetached()
  const file = join(dir, 'control-plane.json')
  const running = JSON.parse(await readFile(file, 'utf8'))
  await run('down', '--dir', dir)
  await writeFile(file, JSON.stringify({ ...running, pid: process.pid }))
  const { code, stderr } = await run('down', '--dir', dir)
  assert.equal(code, 0)
  assert.match(stderr, /Nothing runs/)
  assert.ok(identify(process.pid))
})

test('a second control plane on the folder is refused, in the background too', async () => {
  await upDetached()
  const { pid, url } = controlPlane()
  for (const how of [[], ['--detach']]) {
    const { code, stderr } = await run('up', '--dir', dir, ...ANY_PORT, ...how)
    assert.equal(code, 1)
    for (const part of [dir, String(pid), url, 'sluice down']) assert.ok(stderr.includes(part), part)
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
})

test('what is no port is a misuse that says what a port is', async () => {
  for (const port of ['http', '65536', '-1', '1.5']) {
    const { code, stderr } = await run('up', '--dir', dir, `--port=${port}`)
    assert.equal(code, 2, port)
    assert.match(stderr, /0 to 65535/)
  }
  assert.equal(existsSync(dir), false)
})
