import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'
import { ContainerFolders } from '../../platforms/local/compute/folders.ts'
import { isAlive } from '../../platforms/local/compute/processes.ts'
import { runningControlPlane } from '../../platforms/local/state-folder.ts'
import { ROOT } from '../e2e/reached.ts'
import { rawRequest, sendRaw } from '../platforms/local/raw-http.ts'

const run = promisify(execFile)
const ANY_PORT = ['--port', '0', '--ingress-port', '0']

let dir: string
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'sluice-scripts-')), 'state')
})
afterEach(async () => {
  await script('down', '--dir', dir)
  await rm(join(dir, '..'), { recursive: true })
})

/** From a folder that has nothing to do with the clone. */
const script = (name: 'up' | 'down', ...args: string[]) =>
  run(join(ROOT, 'scripts', name), args, { cwd: tmpdir() })

async function askExample(printed: string): Promise<string> {
  const [address] = /http:\/\/podcast-search-web\.localhost:\d+/.exec(printed) ?? []
  assert.ok(address, `an address is printed: ${printed}`)
  const { host, port } = new URL(address)
  const answer = await sendRaw(Number(port), rawRequest('GET /api/search?q=liberty', { host }))
  assert.equal(answer.status, 200, answer.body)
  return answer.body
}

/** Every process of the platform: the control plane's and its containers'. */
function processes() {
  const folders = new ContainerFolders(dir)
  return [runningControlPlane(dir), ...folders.list().map((id) => folders.read(id))].filter(
    (one) => one !== undefined,
  )
}

test('scripts/up --detach leaves the example running, and scripts/down leaves nothing', async () => {
  const { stdout } = await script('up', '--dir', dir, '--detach', ...ANY_PORT)
  assert.match(await askExample(stdout), /liberty/)
  const began = processes()
  assert.ok(began.length >= 2)
  await script('down', '--dir', dir)
  assert.deepEqual(began.filter(isAlive), [])
})

test('scripts/up runs until Ctrl-C, which ends all of it', async () => {
  const up = spawn(join(ROOT, 'scripts', 'up'), [`--dir=${dir}`, ...ANY_PORT], { cwd: tmpdir() })
  let printed = ''
  for await (const data of up.stdout) {
    printed += data
    if (printed.includes('Ctrl-C')) break
  }
  assert.match(await askExample(printed), /liberty/)
  const began = processes()
  const ended = once(up, 'exit')
  up.kill('SIGINT')
  assert.deepEqual((await ended)[0], 0)
  assert.deepEqual(began.filter(isAlive), [])
})
