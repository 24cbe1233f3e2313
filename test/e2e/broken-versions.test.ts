import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { VersionView } from '../../protocol/api.ts'
import type { AppView } from '../../protocol/app-view.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { type CommandResult, until } from './reached.ts'
import { type Visit, WebLoad } from './web-load.ts'

/** Enough to load the file on a busy machine, and far less than a function has that says nothing of it. */
const STARTUP_S = 10
const UNLESS_SET_MS = 60_000

/** Sound where it is deployed from; what is wrong with it shows in a container only, which has its time but for one that hangs. */
const source = (app: string, inContainer: string) => `
import { App } from 'sluice'

const app = new App('${app}')
if (process.env.SLUICE_FUNCTION) {
  ${inContainer}
}

export const web = app.web(${inContainer === HANG ? `{ startupTimeout: ${STARTUP_S} }` : '{}'}, () => new Response('served'))
export const work = app.function(() => 'done')

export default app
`

const CRASH = `
  console.log('reading the settings')
  console.error('no settings found')
  throw new Error('cannot go on')
`
const HANG = `
  console.log('waiting for the database')
  await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1))
`

let installation: Installation
let folder: AppFolder

before(async () => {
  installation = await Installation.start()
  folder = await AppFolder.create()
})

after(async () => {
  await installation[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

test('versions that crash or never become ready do not go live, and the one before serves on', async () => {
  assert.equal((await deploy('shop', '')).code, 0)
  assert.equal((await deploy('shop', 'console.log("v2")')).code, 0)
  await using load = new WebLoad(installation, 'shop-web', [visit])
  load.begin({ keptAlive: 2, fresh: 2 })
  await until('the first answers', () => load.visited.length > 4)

  const crashed = await deploy('shop', CRASH)
  assert.equal(crashed.code, 1)
  assert.match(
    crashed.stderr,
    /v3 did not go live: web could not start: Error: cannot go on\n +at .*shop\.ts:9:9/,
  )
  assert.match(crashed.stderr, / {2}reading the settings\n {2}no settings found\n/)
  assert.doesNotMatch(crashed.stderr, /node:internal|load-handler/, 'lines that are none of the author’s')
  assert.match(crashed.stderr, /v2 keeps serving\.\n$/)
  assert.equal((await version('shop', 3)).error?.code, 'crashed')

  const begun = Date.now()
  const hung = await deploy('shop', HANG)
  assert.equal(hung.code, 1)
  assert.match(hung.stderr, /v4 did not go live: web did not become ready: .* startupTimeout of 10 s/)
  assert.match(hung.stderr, / {2}waiting for the database\n/)
  assert.ok(Date.now() - begun < UNLESS_SET_MS)
  assert.equal((await version('shop', 4)).error?.code, 'not_ready')

  assert.equal((await describe('shop')).liveVersion, 2)
  const atFailure = load.visited.length
  await until('v2 to go on serving', () => load.visited.length > atFailure + 4)
  assert.ok(load.visited.every(({ version }) => version === 2))
  await until('nothing but v2 to run', async () => (await describe('shop')).versions?.length === 1)

  assert.equal((await deploy('shop', 'console.log("v5")')).code, 0)
  await until('v5 to serve', () => load.visited.at(-1)?.version === 5)
  await load.end()
  assert.deepEqual(
    load.visited.filter(({ fault }) => fault !== undefined),
    [],
  )
  const { items } = await installation.json('app', 'history', 'shop')
  assert.deepEqual(
    items.map(({ version, status }: VersionView) => [version, status]),
    [
      [5, 'live'],
      [4, 'failed'],
      [3, 'failed'],
      [2, 'superseded'],
      [1, 'superseded'],
    ],
  )
})

test('a version that recreate cannot start gives its place back to the one before', async () => {
  assert.equal((await deploy('alone', '')).code, 0)
  assert.equal((await installation.web('alone-web')).body, 'served')
  await using load = new WebLoad(installation, 'alone-web', [visit])
  load.begin({ keptAlive: 1, fresh: 1 })
  const { code, stderr } = await deploy('alone', CRASH, '--strategy', 'recreate')
  assert.equal(code, 1)
  assert.match(stderr, /v1 keeps serving/)
  const atFailure = load.visited.length
  await until('v1 to serve again', () => load.visited.length > atFailure + 4)
  await load.end()
  assert.ok(load.visited.every(({ fault, version }) => fault === undefined && version === 1))
})

test('a broken version that nothing told of before it went live says so to callers, and to visitors without detail', async () => {
  assert.equal((await deploy('cold', CRASH)).code, 0)
  const call = await installation.cli('call', 'cold.work')
  assert.equal(call.code, 1)
  assert.match(call.stderr, /v1 of work could not start .*cannot go on[\s\S]*no settings found/)

  const { status, body } = await installation.web('cold-web')
  assert.equal(status, 503)
  assert.match(body, /v1 of web could not start/)
  assert.doesNotMatch(body, /settings|cannot go on/, 'the public need not read the log')

  assert.equal((await deploy('cold', '')).code, 0)
  assert.equal((await installation.web('cold-web')).body, 'served')
  assert.equal((await installation.json('call', 'cold.work')).result, 'done')
})

const visit = (): Visit => ({ path: '/', isRight: ({ body }) => body === 'served' })

async function deploy(app: string, inContainer: string, ...options: string[]): Promise<CommandResult> {
  await folder.write(`${app}.ts`, source(app, inContainer))
  return installation.cli('deploy', join(folder.path, `${app}.ts`), ...options)
}

async function version(app: string, number: number): Promise<VersionView> {
  return (await installation.api('GET', `/v1/apps/${app}/versions/${number}`)).body
}

async function describe(app: string): Promise<AppView> {
  return installation.json('app', 'describe', app)
}
