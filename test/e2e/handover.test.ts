import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import type { AppView, DrainRow } from '../../protocol/app-view.ts'
import { AppFolder } from './app-folder.ts'
import { Installation } from './installation.ts'
import { until } from './reached.ts'

/** By which a deadline may be missed on a busy machine, milliseconds. */
const SLACK_MS = 20_000

const source = (app: string, { timeout, mark }: { timeout: string; mark: string }) => `
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { App, upgradeWebSocket } from 'sluice'

const app = new App('${app}')
const version = process.env.SLUICE_VERSION

async function* ticksUntil(file: string) {
  while (!existsSync(file)) {
    yield new TextEncoder().encode('tick ')
    await pause(20)
  }
  yield new TextEncoder().encode(\`the end of v\${version}\`)
}

export const web = app.web({ timeout: '${timeout}' }, (request) => {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/echo') return new Response(request.body)
  if (pathname === '/ticks') return new Response(ReadableStream.from(ticksUntil(searchParams.get('file') ?? '')))
  if (request.headers.get('upgrade') !== 'websocket') return new Response('${mark}')
  const { socket, response } = upgradeWebSocket(request)
  socket.addEventListener('message', ({ data }) => socket.send(\`v\${version} heard \${data}\`))
  return response
})

export default app
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

describe('what is open at a cutover', { concurrency: true, timeout: 300_000 }, () => {
  test('a response that streams at the cutover goes on to its end, while new requests get the new version', async () => {
    const end = join(folder.path, 'end')
    await deploy('streams', { timeout: '5m', mark: 'old' })
    const { response } = await open('streams-web', `/ticks?file=${encodeURIComponent(end)}`)
    const heard = collect(response)
    await until('the first ticks', () => heard.text.startsWith('tick tick '))

    await deploy('streams', { timeout: '5m', mark: 'new' })
    assert.equal((await installation.web('streams-web')).body, 'new')
    await until('v1 to drain with one request', async () => {
      const row = (await drainBoard('streams')).find(({ version }) => version === 1)
      return row?.state === 'draining' && row.requests === 1
    })
    const { length } = heard.text
    await until('more ticks', () => heard.text.length > length)
    await writeFile(end, '')
    await heard.ended
    assert.match(heard.text, /^(tick )+the end of v1$/)
    await until('v1 to be gone', async () => (await drainBoard('streams')).length === 1)
  })

  test('a request whose body is still on its way at the cutover is answered by the version that it came to', async () => {
    await deploy('uploads', { timeout: '5m', mark: 'old' })
    const { sent, response } = await open('uploads-web', '/echo', 'first ')
    const heard = collect(response)
    await until('the first part to come back', () => heard.text === 'first ')

    await deploy('uploads', { timeout: '5m', mark: 'new' })
    sent.write('second ')
    await until('the second part to come back', () => heard.text === 'first second ')
    sent.end('third')
    await heard.ended
    assert.equal(heard.text, 'first second third')
    assert.equal(response.headers['sluice-version'], '1')
  })

  test('a WebSocket lives on past the cutover, until it is closed', async () => {
    await deploy('sockets', { timeout: '5m', mark: 'old' })
    const old = await connect('sockets-web')
    assert.equal(await ask(old, 'one'), 'v1 heard one')

    await deploy('sockets', { timeout: '5m', mark: 'new' })
    const fresh = await connect('sockets-web')
    assert.equal(await ask(old, 'two'), 'v1 heard two')
    assert.equal(await ask(fresh, 'three'), 'v2 heard three')
    old.close(1000, 'done')
    assert.deepEqual(await closed(old), 1000)
    await until('v1 to be gone', async () => (await drainBoard('sockets')).length === 1)
    assert.equal(await ask(fresh, 'four'), 'v2 heard four')
    fresh.terminate()
  })

  test('a WebSocket that stays open is closed at the drain deadline', async () => {
    await deploy('brief', { timeout: '1s', mark: 'old' })
    const socket = await connect('brief-web')
    await deploy('brief', { timeout: '1s', mark: 'new' })
    const draining = (await drainBoard('brief')).find(({ version }) => version === 1)
    const deadline = Date.parse(draining?.deadline ?? '')

    assert.equal(await ask(socket, 'still there?'), 'v1 heard still there?')
    await closed(socket)
    const late = Date.now() - deadline
    assert.ok(late >= 0 && late < SLACK_MS, `closed ${late} ms after the deadline`)
    await until('v1 to be gone', async () => (await drainBoard('brief')).length === 1)
  })
})

async function deploy(app: string, settings: { timeout: string; mark: string }): Promise<void> {
  await folder.write(`${app}.ts`, source(app, settings))
  await installation.run('deploy', join(folder.path, `${app}.ts`))
}

async function drainBoard(app: string): Promise<DrainRow[]> {
  const { versions = [] }: AppView = await installation.json('app', 'describe', app)
  return versions
}

/** A request whose response has begun. Its body stays open where a first part of it is given. */
async function open(
  label: string,
  path: string,
  firstPart?: string,
): Promise<{ sent: ClientRequest; response: IncomingMessage }> {
  const sent = request({
    port: installation.ingressPort,
    path,
    method: firstPart === undefined ? 'GET' : 'POST',
    headers: { host: `${label}.localhost` },
    agent: false,
  })
  if (firstPart === undefined) sent.end()
  else sent.write(firstPart)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { sent, response }
}

function collect(response: IncomingMessage): { text: string; ended: Promise<unknown> } {
  const heard = { text: '', ended: once(response, 'end') }
  response.on('data', (chunk) => (heard.text += chunk))
  return heard
}

async function connect(label: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${installation.ingressPort}/`, {
    headers: { host: `${label}.localhost` },
  })
  await once(socket, 'open')
  return socket
}

async function ask(socket: WebSocket, text: string): Promise<string> {
  socket.send(text)
  const [answer] = await once(socket, 'message')
  return String(answer)
}

async function closed(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number]
  return code
}
