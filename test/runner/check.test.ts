import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { StartCheck } from '../../runner/check.ts'
import type { ToChild } from '../../runner/ipc.ts'

const LONG_MS = 60_000
/** More than half of the patience that there is with a path. */
const SLOW_MS = 6_000

test('a path is asked for again until it succeeds, with the token that lets it in', async (t) => {
  let asked = 0
  const tokens = new Set<string | undefined>()
  const listening = await serve(t, (request, response) => {
    tokens.add(request.headers.authorization)
    response.statusCode = ++asked < 3 ? 503 : 204
    response.end()
  })
  const check = new StartCheck({ ...needs({ path: '/healthz' }), pass: 'secret' })
  assert.equal(await check.run(listening), undefined)
  assert.deepEqual([asked, [...tokens]], [3, ['Bearer secret']])
  assert.equal(await check.run(listening), undefined, 'and then not any more')
  assert.equal(asked, 3)
})

test('a path that never succeeds, or a redirect, is told with the answer', async (t) => {
  let now = performance.now()
  t.mock.method(performance, 'now', () => now)
  let asked = 0
  const listening = await serve(t, (_, response) => {
    asked += 1
    now += SLOW_MS
    response.writeHead(302, { location: '/' }).end('elsewhere')
  })
  const fault = await new StartCheck(needs({ path: '/healthz' })).run(listening)
  assert.equal(asked, 2)
  assert.deepEqual(fault, { name: 'CheckFailed', message: 'GET /healthz answered 302: elsewhere' })
})

test('a function is called once, and what it throws, or that its process ends, is the fault', async () => {
  const sent: ToChild[] = []
  const begin = () => {
    const check = new StartCheck({ ...needs({ call: 'smoke' }), send: (message) => void sent.push(message) })
    return { check, verdict: check.run(undefined) }
  }
  const good = begin()
  assert.equal(good.check.heard({ type: 'returned', lease: 'another', json: '1' }), false)
  assert.equal(good.check.heard({ type: 'returned', lease: 'check', json: '1' }), true)
  assert.equal(await good.verdict, undefined)
  const bad = begin()
  bad.check.heard({ type: 'threw', lease: 'check', error: { name: 'RangeError', message: 'all is lost' } })
  assert.equal((await bad.verdict)?.message, 'RangeError: all is lost')
  const dead = begin()
  dead.check.died('The process exited.')
  assert.equal((await dead.verdict)?.message, 'The process exited.')
  assert.equal(sent.length, 3)
})

function needs(check: { path: string } | { call: string }) {
  return { check, deadline: performance.now() + LONG_MS, send: () => {}, pass: undefined }
}

async function serve(t: { after(end: () => void): void }, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}
