import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { test } from 'node:test'
import { HEALTH_PATH } from '../../protocol/health.ts'
import { begin, RawClient, send } from '../fixtures/http-client.ts'
import { textOf } from '../fixtures/web-container.ts'
import { startWeb } from './web-container.ts'

const LIMIT = { timeout: 30_000 }
const HOST = 'fixture.localhost'
/** Of an Application Load Balancer. */
const LONGEST_IDLE_SECONDS = 4_000

test(
  'a request reaches the handler under its public address, and the answer names the version',
  LIMIT,
  async (t) => {
    const { address } = await startWeb(t)
    const { status, headers, body } = await send(address, HOST, {
      method: 'POST',
      path: '/echo?q=1',
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'bank.example' },
      body: 'hello',
    })
    assert.deepEqual([status, headers['sluice-version']], [200, '7'])
    assert.deepEqual(JSON.parse(body), {
      url: `https://${HOST}/echo?q=1`,
      method: 'POST',
      host: HOST,
      body: 'hello',
    })
  },
)

test('a response that streams arrives piece by piece', LIMIT, async (t) => {
  const { plane, address, until } = await startWeb(t)
  const response = await begin(address, HOST, { path: `/stream?${until('rest')}` })
  const [first] = await once(response, 'data')
  assert.equal(String(first), 'first ')
  await plane.gates.arrival('rest')
  plane.gates.open('rest')
  assert.equal(await textOf(response), 'last')
})

test('a response that was fetched elsewhere is passed on, under this version', LIMIT, async (t) => {
  const { plane, address, until } = await startWeb(t)
  const answer = send(address, HOST, { path: `/proxy?${until('elsewhere')}` })
  await plane.gates.arrival('elsewhere')
  plane.gates.open('elsewhere', 'from elsewhere')
  const { headers, body } = await answer
  assert.deepEqual([headers['sluice-version'], body], ['7', 'from elsewhere'])
})

test('a handler that throws answers 500; only the log says why', LIMIT, async (t) => {
  const { container, address } = await startWeb(t)
  const { status, headers, body } = await send(address, HOST, { path: '/throws' })
  assert.deepEqual([status, headers['sluice-version']], [500, '7'])
  assert.equal(headers['content-type'], 'application/problem+json')
  assert.doesNotMatch(body, /secret/)
  assert.equal((await container.logged('a secret of the house')).source, 'stderr')
  await container.logged('at /throws (web.mjs')
})

test('a handler that answers no Response answers 500, and the log says so', LIMIT, async (t) => {
  const { container, address } = await startWeb(t)
  assert.equal((await send(address, HOST, { path: '/nothing' })).status, 500)
  await container.logged('answered undefined instead of a Response')
})

test('what is no proper request is refused, under the version as well', LIMIT, async (t) => {
  const { address } = await startWeb(t)
  const client = await RawClient.connect(address)
  client.say('GET / HTTP/1.1', `host: ${HOST}`, 'broken header', '')
  const refused = await client.until('\r\n\r\n')
  assert.match(refused, /^HTTP\/1\.1 400 [\s\S]*sluice-version: 7/)
  const { status, headers } = await send(address, HOST, { method: 'TRACE' })
  assert.deepEqual([status, headers['sluice-version']], [400, '7'])
})

test('a large body that nobody reads does not cost the connection', LIMIT, async (t) => {
  const { address } = await startWeb(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  for (const body of ['x'.repeat(3_000_000), 'x'.repeat(3_000_000)]) {
    const answer = await send(address, HOST, { method: 'POST', path: '/ignores-body', body, agent })
    assert.equal(answer.body, 'did not read it')
  }
})

test('so many requests run at once as the function allows; the others wait in line', LIMIT, async (t) => {
  const { plane, address, until } = await startWeb(t, { concurrency: 2 })
  const ask = async (name: string) => (await send(address, HOST, { path: `/slow?${until(name)}` })).body
  const served = ['a', 'b'].map(ask)
  await Promise.all(['a', 'b'].map((name) => plane.gates.arrival(name)))
  const inLine = ['c', 'd'].map(ask)
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 4)
  assert.deepEqual([plane.gates.hasArrived('c'), plane.gates.hasArrived('d')], [false, false])
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) {
    await plane.gates.arrival(name)
    plane.gates.open(name, name)
  }
  assert.deepEqual(await Promise.all([...served, ...inLine]), names)
})

test('the control plane hears of requests that came and went between two heartbeats', LIMIT, async (t) => {
  const { plane, address } = await startWeb(t)
  plane.holdMs = 60_000
  await send(address, HOST, { path: '/pid' })
  await plane.changes.until(() => plane.heartbeats.some(({ requests }) => requests === 1))
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
})

test('a container that drains goes on to serve, but lets go of its connections', LIMIT, async (t) => {
  const { plane, container, address, until } = await startWeb(t)
  const slow = send(address, HOST, { path: `/slow?${until('slow')}` })
  await plane.gates.arrival('slow')
  const before = await send(address, HOST, {
    path: '/pid',
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
  })
  assert.equal(before.headers.connection, 'keep-alive')
  plane.direct('drain')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
  const after = await send(address, HOST, {
    path: '/pid',
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
  })
  assert.deepEqual([after.status, after.headers.connection], [200, 'close'])
  plane.gates.open('slow', 'finished')
  assert.equal((await slow).body, 'finished')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
  plane.direct('exit')
  assert.deepEqual(await container.exited, { code: 0, signal: null })
})

test('a load balancer sees that the container serves, also while it drains and is full', LIMIT, async (t) => {
  const { plane, address, until } = await startWeb(t, { concurrency: 1 })
  const checked = async () => (await send(address, address.host, { path: HEALTH_PATH })).status
  assert.equal(await checked(), 200)
  const slow = send(address, HOST, { path: `/slow?${until('slow')}` })
  await plane.gates.arrival('slow')
  plane.direct('drain')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
  assert.equal(await checked(), 200)
  plane.gates.open('slow')
  await slow
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
  assert.ok(plane.heartbeats.every(({ requests }) => requests <= 1))
})

test('an idle connection is the proxy’s to close, whatever it was told to wait', LIMIT, async (t) => {
  const { address } = await startWeb(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const { headers } = await send(address, HOST, { path: '/pid', agent })
  const seconds = Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])
  assert.ok(seconds > LONGEST_IDLE_SECONDS, `the server closes after ${seconds} s`)
})

test('requests are served while the control plane is away', LIMIT, async (t) => {
  const { plane, container, address } = await startWeb(t)
  plane.refusal = 503
  await container.logged('does not answer')
  assert.equal((await send(address, HOST, { path: '/pid' })).status, 200)
})
