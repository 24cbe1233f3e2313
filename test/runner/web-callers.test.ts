import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { HEALTH_PATH } from '../../protocol/health.ts'
import type { JudgeResponse } from '../../protocol/runtime.ts'
import { type Address, RawClient, send } from '../fixtures/http-client.ts'
import { textOf } from '../fixtures/web-container.ts'
import type { ControlPlane } from './control-plane.ts'
import { startWeb } from './web-container.ts'

const LIMIT = { timeout: 30_000 }
const HOST = 'fixture.localhost'
const GOOD = 'slu_good'
const BEARER = { authorization: `Bearer ${GOOD}` }

function admit(plane: ControlPlane): void {
  plane.verdicts.set(GOOD, { verdict: 'allowed', caller: 'token:ci' })
  plane.verdicts.set('slu_viewer', { verdict: 'refused', status: 403, detail: 'It may only look.' })
}

async function guarded(t: Parameters<typeof startWeb>[0], concurrency = 100) {
  const web = await startWeb(t, { requiresAuth: true, concurrency })
  admit(web.plane)
  return web
}

const who = (address: Address, headers: Record<string, string>) =>
  send(address, HOST, { path: '/who', headers })

test(
  'only who holds a good token reaches the handler, which learns who it is and not the token',
  LIMIT,
  async (t) => {
    const { plane, address } = await guarded(t)
    const forged = { 'Sluice-Caller': 'token:owner' }
    const { status, body } = await who(address, { ...BEARER, ...forged })
    assert.deepEqual([status, JSON.parse(body)], [200, { caller: 'token:ci', authorization: null }])

    const strangers: [headers: Record<string, string>, status: number, code: string][] = [
      [forged, 401, 'unauthenticated'],
      [{ authorization: 'Basic c2x1Xw==' }, 401, 'unauthenticated'],
      [{ authorization: 'Bearer not-one-of-ours' }, 401, 'unauthenticated'],
      [{ authorization: 'Bearer slu_unknown' }, 401, 'unauthenticated'],
      [{ authorization: 'Bearer slu_viewer' }, 403, 'forbidden'],
    ]
    for (const [headers, expected, code] of strangers) {
      const refused = await who(address, headers)
      assert.deepEqual([refused.status, JSON.parse(refused.body).code], [expected, code])
      assert.equal(refused.headers['content-type'], 'application/problem+json')
      assert.equal(refused.headers['sluice-version'], '7')
      assert.equal(refused.headers['www-authenticate'], expected === 401 ? 'Bearer' : undefined)
    }
    assert.deepEqual(
      plane.judged,
      [GOOD, 'slu_unknown', 'slu_viewer'],
      'what is no token need not be asked about',
    )
  },
)

test(
  'a token is asked about once, and stays good while the control plane is away; others must wait',
  LIMIT,
  async (t) => {
    const { plane, address } = await guarded(t)
    const both = await Promise.all([who(address, BEARER), who(address, BEARER)])
    assert.deepEqual([both[0].status, both[1].status, plane.judged], [200, 200, [GOOD]])
    await plane.goAway()
    assert.equal((await who(address, BEARER)).status, 200)
    const other = await who(address, { authorization: 'Bearer slu_other' })
    assert.deepEqual([other.status, other.headers['retry-after']], [503, '1'])
    assert.equal(JSON.parse(other.body).code, 'unavailable')
    await plane.listen()
    plane.verdicts.set('slu_other', { verdict: 'allowed', caller: 'token:other' })
    assert.equal((await who(address, { authorization: 'Bearer slu_other' })).status, 200)
  },
)

test('a WebSocket needs a token as well', LIMIT, async (t) => {
  const { plane, address } = await guarded(t, 1)
  const url = `ws://${address.host}:${address.port}/socket`
  const [, response] = await once(new WebSocket(url), 'unexpected-response')
  assert.deepEqual([response.statusCode, response.headers['sluice-version']], [401, '7'])
  assert.equal(JSON.parse(await textOf(response)).code, 'unauthenticated')
  const socket = new WebSocket(url, { headers: BEARER })
  await once(socket, 'open')
  socket.send('hello')
  assert.equal(String((await once(socket, 'message'))[0]), 'you said hello')
  socket.close()
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
})

test('who is refused takes nobody’s place, and a health check needs no token', LIMIT, async (t) => {
  const { plane, address, until } = await guarded(t, 1)
  const slow = send(address, HOST, { path: `/slow?${until('rest')}`, headers: BEARER })
  await plane.gates.arrival('rest')
  assert.equal((await who(address, {})).status, 401)
  assert.equal((await send(address, HOST, { path: HEALTH_PATH })).status, 200)
  plane.gates.open('rest')
  assert.equal((await slow).status, 200)
})

test(
  'where nobody is asked for a token, one that is sent arrives, and a caller is still not believed',
  LIMIT,
  async (t) => {
    const { plane, address } = await startWeb(t)
    const { body } = await who(address, { ...BEARER, 'sluice-caller': 'token:owner' })
    assert.deepEqual(JSON.parse(body), { caller: null, ...BEARER })
    assert.deepEqual(plane.judged, [])
  },
)

test('who leaves before the verdict keeps nobody’s place', LIMIT, async (t) => {
  const { plane, address } = await guarded(t, 1)
  const late = Promise.withResolvers<JudgeResponse>()
  plane.verdicts.set('slu_late', late.promise)
  const client = await RawClient.connect(address)
  client.say('GET /who HTTP/1.1', `host: ${HOST}`, 'authorization: Bearer slu_late', '')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 1)
  await plane.changes.until(() => plane.judged.includes('slu_late'))
  client.socket.destroy()
  await plane.changes.until(() => plane.heartbeats.at(-1)?.requests === 0)
  late.resolve({ verdict: 'allowed', caller: 'token:late' })
  assert.equal((await who(address, { authorization: 'Bearer slu_late' })).status, 200)
})
