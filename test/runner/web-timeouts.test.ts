import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { begin, RawClient, send } from '../fixtures/http-client.ts'
import { startWeb } from './web-container.ts'

const LIMIT = { timeout: 30_000 }
const HOST = 'fixture.localhost'

test(
  'a handler that does not answer in time is answered for with 504, and told by its signal',
  LIMIT,
  async (t) => {
    const { plane, address, until } = await startWeb(t, { timeout: 1 })
    const { status, headers } = await send(address, HOST, { path: `/never?${until('aborted')}` })
    assert.deepEqual([status, headers['sluice-version']], [504, '7'])
    assert.equal(await plane.gates.arrival('aborted'), '?reason=TimeoutError')
  },
)

test('a response that does not end in time is cut off', LIMIT, async (t) => {
  const { address, until } = await startWeb(t, { timeout: 3 })
  const response = await begin(address, HOST, { path: `/stream?${until('rest')}` })
  response.resume()
  const [error] = await once(response, 'error')
  assert.equal(error.code, 'ECONNRESET')
})

test('a handler learns from its signal that the client has gone', LIMIT, async (t) => {
  const { plane, address, until } = await startWeb(t)
  const client = await RawClient.connect(address)
  client.say(`GET /never?${until('aborted')} HTTP/1.1`, `host: ${HOST}`, '')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 1)
  client.socket.destroy()
  assert.equal(await plane.gates.arrival('aborted'), '?reason=AbortError')
})

test('a process that is blocked is replaced, under the same address', LIMIT, async (t) => {
  const { container, address } = await startWeb(t, { timeout: 1 })
  const before = (await send(address, HOST, { path: '/pid' })).body
  await assert.rejects(send(address, HOST, { path: '/blocks' }), { code: 'ECONNRESET' })
  await container.logged('answered nothing for longer than its timeout')
  await container.logged('ready again')
  assert.notEqual((await send(address, HOST, { path: '/pid' })).body, before)
})
