import assert from 'node:assert/strict'
import { on } from 'node:events'
import fs from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type LocalPlatform, startLocal } from '../../../platforms/local/platform.ts'
import { runningControlPlane } from '../../../platforms/local/state-folder.ts'
import { Api } from '../../../sdk/api.ts'
import { deployFile } from '../../../sdk/deploy/deploy.ts'
import { AppFolder } from '../../e2e/app-folder.ts'
import { lastingPort } from '../../fixtures/lasting-port.ts'
import { rawRequest, sendRaw } from './raw-http.ts'

/** Nobody waits for its end. */
const LONG_GRACE_MS = 60_000
/** Asks its argument's address, and answers what that answers. */
const ASKING_APP = `
  import { App } from 'sluice'
  const app = new App('asking')
  export const ask = app.function({}, async (url: string) => (await fetch(url)).text())
  export const warm = app.function({ minContainers: 1 }, () => 'warm')
  export const web = app.web({ minContainers: 1 }, () => new Response('hello'))
  export default app
`

let dir: string
let messages: string[]
let platforms: LocalPlatform[]

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'sluice-platform-')), 'state')
  messages = []
  platforms = []
})
afterEach(async () => {
  for (const platform of platforms) await platform.close()
  await rm(join(dir, '..'), { recursive: true })
  assert.deepEqual(messages, [], 'nothing went wrong that nobody was told of')
})

async function start(ports: { port?: number; ingressPort?: number } = {}): Promise<LocalPlatform> {
  const log = (message: string) => messages.push(message)
  const platform = await startLocal({
    dir,
    port: 0,
    ingressPort: 0,
    console: '',
    variables: {},
    log,
    ...ports,
  })
  platforms.push(platform)
  return platform
}

async function stop(platform: LocalPlatform, graceMs?: number): Promise<void> {
  platforms = platforms.filter((other) => other !== platform)
  await platform.close(graceMs)
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
const apiOf = ({ url, token }: LocalPlatform): Api => new Api({ url, token })

async function deployAsking(platform: LocalPlatform): Promise<void> {
  await using folder = await AppFolder.create({ 'app.ts': ASKING_APP })
  await deployFile({ api: apiOf(platform), entry: folder.entry })
}

/** A server whose answers the test gives, one after the other; a call that asks it runs until then. */
async function questions(): Promise<{ url: string; asked: () => Promise<ServerResponse>; server: Server }> {
  const server = createServer()
  // Whoever asks may do so before the test waits for it.
  const requests = on(server, 'request')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked: async () => {
      const { value } = await requests.next()
      return value?.[1] ?? assert.fail('nobody asked')
    },
    server,
  }
}

test('the first start makes a folder for its owner only, with a token that works', async () => {
  const platform = await start()
  assert.equal(await modeOf(dir), 0o700)
  for (const file of ['token', 'secret', 'control-plane.json'])
    assert.equal(await modeOf(join(dir, file)), 0o600, file)
  assert.equal((await readFile(join(dir, 'token'), 'utf8')).trim(), platform.token)
  assert.match(platform.token, /^slu_[\w-]{43}$/)
  assert.deepEqual((await apiOf(platform).send('listApps', {})).items, [])
})

test('no file of the folder but the token holds the token', async () => {
  const platform = await start()
  await stop(platform)
  assert.equal((await readFile(join(dir, 'sluice.db'))).includes(platform.token), false)
})

test('the folder says where the platform can be reached, for as long as it can', async () => {
  const platform = await start()
  const found = runningControlPlane(dir)
  assert.deepEqual(
    [found?.url, found?.ingressUrl, found?.pid],
    [platform.url, platform.ingressUrl, process.pid],
  )
  await stop(platform)
  assert.equal(runningControlPlane(dir), undefined)
})

test('a later start keeps the token', async () => {
  const first = await start()
  await stop(first)
  assert.equal((await start()).token, first.token)
})

test('what nobody waits for the disk with is brought there all the same', async (t) => {
  const platform = await start()
  await deployAsking(platform)
  const { fdatasync } = fs
  const synced = new Promise<void>((resolve) => {
    const noted = (file: number, done: fs.NoParamCallback) => fdatasync(file, done) ?? resolve()
    t.mock.method(fs, 'fdatasync', noted as typeof fdatasync)
  })
  syncBuiltinESMExports()
  t.after(syncBuiltinESMExports)
  const params = { app: 'asking', function: 'warm' }
  const call = await apiOf(platform).send('call', { params, body: { args: [], wait: 20 } })
  assert.equal(call.status, 'succeeded')
  await synced
})

test('a second platform on the folder is refused, and told which one has it', async () => {
  const platform = await start()
  await assert.rejects(start(), ({ message }: Error) => {
    for (const part of [dir, String(process.pid), platform.url]) assert.ok(message.includes(part), part)
    return true
  })
  assert.deepEqual((await apiOf(platform).send('listApps', {})).items, [], 'the first one goes on')
})

test('a port that is taken is told with the option that chooses another, and nothing stays begun', async () => {
  const taken = createSocketServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  await assert.rejects(start({ port }), new RegExp(`Port ${port} is taken.*--port 0`))
  await assert.rejects(start({ ingressPort: port }), new RegExp(`Port ${port} is taken.*--ingress-port 0`))
  assert.equal(runningControlPlane(dir), undefined)
  taken.close()
  await start({ port })
})

test('a call that ends in time ends, and its result is there after the next start', async () => {
  const { url, asked, server } = await questions()
  const platform = await start()
  await deployAsking(platform)
  const call = await apiOf(platform).send('call', {
    params: { app: 'asking', function: 'ask' },
    body: { args: [url] },
  })
  const response = await asked()
  const stopped = stop(platform, LONG_GRACE_MS)
  response.end('in time')
  await stopped
  const again = await start()
  const { status, result, attempts } = await apiOf(again).send('getCall', { params: { id: call.id } })
  assert.deepEqual({ status, result, attempts }, { status: 'succeeded', result: 'in time', attempts: 1 })
  server.close()
})

test('a call that takes too long is run again after the next start', async () => {
  const { url, asked, server } = await questions()
  const platform = await start()
  await deployAsking(platform)
  const call = await apiOf(platform).send('call', {
    params: { app: 'asking', function: 'ask' },
    body: { args: [url] },
  })
  await asked()
  await stop(platform, 0)
  const again = await start()
  const response = await asked()
  response.end('the second time')
  const { result, attempts } = await apiOf(again).send('getCall', {
    params: { id: call.id },
    query: { wait: 20 },
  })
  assert.deepEqual({ result, attempts }, { result: 'the second time', attempts: 2 })
  server.close()
})

test('a web function answers again after a restart, on the same address', async () => {
  const ingressPort = await lastingPort()
  const platform = await start({ ingressPort })
  await deployAsking(platform)
  await stop(platform)
  await start({ ingressPort })
  const answer = await sendRaw(ingressPort, rawRequest('GET /', { host: 'asking-web.localhost' }))
  assert.match(answer.body, /hello/)
})

test('whoever follows the changes is told of a deploy, and let go when the platform ends', async () => {
  const platform = await start()
  const headers = { authorization: `Bearer ${platform.token}` }
  const response = await fetch(`${platform.url}/v1/changes`, { headers })
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await pieces?.read())?.value
  assert.equal(await next(), ': listening\n\n')
  await deployAsking(platform)
  let told = await next()
  // A deploy may take longer than nothing is said for.
  while (told === ': nothing new\n\n') told = await next()
  assert.match(told ?? '', /^event: change\ndata: \{"app":"asking"\}\n\n/)
  const stopped = stop(platform, 0)
  // Rather than torn off, which would be an error.
  while (await next());
  await stopped
})
