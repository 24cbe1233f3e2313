import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from '../sdk/folder.ts'
import { startPeer } from '../sdk/peer.ts'
import { ROOT, sluice, startSluice } from './sluice.ts'

const LAUNCHER = `${ROOT}/cli/sluice.mjs`
/** Makes the process that it is loaded into first believe that it is an old Node.js. */
const AGED = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})',
]
/** Names each file that is loaded, behind what the command says. */
const TELLING = [
  '--import',
  'data:text/javascript,import { registerHooks } from "node:module"; registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })',
]
const VERSION = /^\d+\.\d+\.\d+\n$/

test('scripts/sluice runs from any folder, through links', async () => {
  using folder = makeFolder()
  mkdirSync(join(folder.path, 'bin'))
  symlinkSync(`${ROOT}/scripts/sluice`, join(folder.path, 'bin/first'))
  symlinkSync('bin/first', join(folder.path, 'second'))
  const { code, stdout, stderr } = await sluice(['--version'], { cwd: folder.path, command: ['./second'] })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, VERSION)
})

test('an old Node.js starts the one that npm installed, and passes on exit codes and signals', async () => {
  const command = [process.execPath, ...AGED, LAUNCHER]
  assert.match((await sluice(['--version'], { command })).stdout, VERSION)
  assert.equal((await sluice(['deploy'], { command })).code, 2)

  const asked = Promise.withResolvers<void>()
  await using peer = await startPeer({
    listApps: () => {
      asked.resolve()
      return new Promise(() => {})
    },
  })
  const child = startSluice(['app', 'list'], { url: peer.url, command })
  await asked.promise
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM'])
})

test('without a Node.js that is new enough, or without the packages, it says what to do', async () => {
  using folder = makeFolder({ 'package.json': '{"type":"module"}' })
  cpSync(LAUNCHER, join(folder.path, 'cli/sluice.mjs'))
  const launcher = join(folder.path, 'cli/sluice.mjs')
  const aged = await sluice([], { command: [process.execPath, ...AGED, launcher] })
  assert.equal(aged.code, 1)
  assert.match(aged.stderr, /^✗ Sluice needs Node\.js 24 or newer; .* run "npm rebuild node"/)

  folder.write('cli/main.ts', "import 'commander'")
  const bare = await sluice([], { command: [process.execPath, launcher] })
  assert.equal(bare.code, 1)
  assert.match(bare.stderr, /^✗ A package that Sluice needs is not installed\. Run "npm install" in/)
})

test('what was compiled is kept for the next command, where nobody else can write', async () => {
  using folder = makeFolder()
  const kept = join(folder.path, 'sluice')
  const run = (XDG_CACHE_HOME: string) =>
    sluice(['--version'], {
      command: [process.execPath, LAUNCHER],
      cwd: folder.path,
      variables: { XDG_CACHE_HOME },
    })
  assert.match((await run(folder.path)).stdout, VERSION)
  assert.equal(statSync(kept).mode & 0o777, 0o700)
  const [made = ''] = readdirSync(kept)
  assert.ok(readdirSync(join(kept, made)).length > 0, 'nothing was kept')

  const shared = join(folder.path, 'shared')
  mkdirSync(join(shared, 'sluice'), { recursive: true })
  chmodSync(join(shared, 'sluice'), 0o777)
  assert.match((await run(shared)).stdout, VERSION)
  assert.deepEqual(readdirSync(join(shared, 'sluice')), [])
  assert.match((await run('in-the-working-directory')).stdout, VERSION)
  assert.deepEqual(readdirSync(folder.path).sort(), ['shared', 'sluice'])
})

test('a command does not load the schemas of what it sends, which takes longer than all else', async () => {
  for (const words of [
    ['deploy', 'nowhere.ts'],
    ['call', 'app.function'],
    ['app', 'list'],
  ]) {
    const { stderr } = await sluice(words, { command: [process.execPath, ...TELLING, LAUNCHER] })
    assert.match(stderr, /\/commander\//)
    assert.doesNotMatch(stderr, /\/zod\//)
  }
})
