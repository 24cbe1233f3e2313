import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { type Address, RawClient } from '../fixtures/http-client.ts'
import { textOf } from '../fixtures/web-container.ts'
import { startWeb } from './web-container.ts'

const LIMIT = { timeout: 30_000 }
const HOST = 'fixture.localhost'

const open = ({ host, port }: Address, path: string) => new WebSocket(`ws://${host}:${port}${path}`)

test('a WebSocket carries messages, counts as in flight, and outlives a drain', LIMIT, async (t) => {
  const { plane, container, address } = await startWeb(t)
  const socket = open(address, '/socket')
  const [handshake] = await once(socket, 'upgrade')
  assert.equal(handshake.headers['sluice-version'], '7')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 1)
  plane.direct('drain')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
  socket.send('hello')
  const [message] = await once(socket, 'message')
  assert.equal(String(message), 'you said hello')
  socket.close()
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
  plane.direct('exit')
  assert.equal((await container.exited).code, 0)
})

test('an open WebSocket leaves its place to the next request', LIMIT, async (t) => {
  const { address } = await startWeb(t, { concurrency: 1 })
  const [first, second] = [open(address, '/socket'), open(address, '/socket')]
  await Promise.all([once(first, 'open'), once(second, 'open')])
  first.terminate()
  second.terminate()
})

test('a handler may answer a request for a WebSocket as any other', LIMIT, async (t) => {
  const { address } = await startWeb(t)
  const [, response] = await once(open(address, '/elsewhere'), 'unexpected-response')
  assert.deepEqual([response.statusCode, response.headers['sluice-version']], [404, '7'])
  assert.equal(await textOf(response), 'no such page')
})

test('a handshake that is not valid is refused, and the container goes on', LIMIT, async (t) => {
  const { container, address } = await startWeb(t)
  const client = await RawClient.connect(address)
  client.say('GET /socket HTTP/1.1', `host: ${HOST}`, 'connection: upgrade', 'upgrade: websocket', '')
  await client.closed
  assert.match(client.received, /^HTTP\/1\.1 400 [\s\S]*sluice-version: 7/)
  await container.logged('The handshake of the WebSocket is not valid')
  const socket = open(address, '/socket')
  await once(socket, 'open')
  socket.terminate()
})

test('another kind of upgrade is declined, and the request served', LIMIT, async (t) => {
  const { address } = await startWeb(t)
  const client = await RawClient.connect(address)
  client.say(
    'POST /echo HTTP/1.1',
    `host: ${HOST}`,
    'connection: upgrade',
    'upgrade: h2c',
    'content-length: 7',
  )
  client.say('', 'hello')
  assert.match(await client.until('}'), /^HTTP\/1\.1 200 [\s\S]*hello/)
  client.socket.destroy()
})

test('asking for the handshake of an ordinary request fails with what to do', LIMIT, async (t) => {
  const { container, address } = await startWeb(t)
  const client = await RawClient.connect(address)
  client.say('GET /socket HTTP/1.1', `host: ${HOST}`, 'connection: close', '')
  await client.closed
  assert.match(client.received, /^HTTP\/1\.1 500/)
  await container.logged('does not ask for a WebSocket')
  await container.logged('at /socket (web.mjs')
  assert.equal(
    container.logs.some(({ line }) => /current-upgrade|child\.mjs/.test(line)),
    false,
  )
})
