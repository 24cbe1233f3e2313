import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createEnvironment } from '../../control/environments.ts'
import { openSession } from '../../control/sessions.ts'
import { issueToken, revokeToken } from '../../control/tokens.ts'
import type { Role } from '../../protocol/access.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const HOUR_MS = 3_600_000
const CODE = { code: 'slc_nobody-has-made-it' }

let installation: Installation
before(async () => {
  installation = await install()
  await createEnvironment(installation.ports, { name: 'prod', by: 'ada' })
})
after(() => installation.close())

let made = 0
async function tokenOf(role: Role, fields: { env?: string; lifetimeMs?: number } = {}) {
  const secret = `slu_of-sessions-${++made}`
  const token = await issueToken(
    installation.ports,
    { name: `${role}${made}`, role, by: 'ada', ...fields },
    secret,
  )
  return { ...token, secret }
}

async function open(token: string): Promise<{ code: string }> {
  return { code: (await send(installation, 'openSession', { token, body: {} })).body.code }
}

async function begin(token: string) {
  const { body } = await send(installation, 'beginSession', { token: null, body: await open(token) })
  return body
}

test('a session speaks for whoever opened it: name, role and environment', async () => {
  const parent = await tokenOf('deployer', { env: 'prod' })
  const { token, id, name, role, env, expiresAt } = await begin(parent.secret)
  assert.deepEqual([name, role, env], [parent.name, 'deployer', 'prod'])
  assert.match(token, /^slu_[\w-]{43}$/)
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 12 * HOUR_MS) < 60_000)
  const { body: me } = await send(installation, 'whoAmI', { token })
  const known = { kind: 'session', name, role, scopes: ['read', 'call', 'deploy'], env, expiresAt }
  assert.deepEqual(me, { ...known, token: id, console: 'http://console.test' })
  const elsewhere = await refuse(installation, 'listApps', { token, query: { env: 'main' } })
  assert.deepEqual([elsewhere.status, elsewhere.code], [403, 'forbidden'])
})

test('a code begins one session, under many at once too', async () => {
  const { secret } = await tokenOf('viewer')
  const body = await open(secret)
  const answers = await Promise.allSettled(
    [1, 2, 3, 4].map(() => send(installation, 'beginSession', { token: null, body })),
  )
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
  const again = await refuse(installation, 'beginSession', { token: null, body })
  assert.deepEqual([again.status, again.code], [401, 'unauthenticated'])
  assert.match(again.detail, /was used before.*`sluice dashboard`/)
})

test('a code that is older than a minute, or that nobody was given, begins nothing', async () => {
  const { ports } = installation
  const long = { ...ports, clock: { now: () => ports.clock.now() - 61_000 } }
  await openSession(long, { kind: 'user', name: 'ann', role: 'admin' }, 'slc_old')
  const old = await refuse(installation, 'beginSession', { token: null, body: { code: 'slc_old' } })
  assert.match(old.detail, /is too old/)
  const unknown = await refuse(installation, 'beginSession', { token: null, body: CODE })
  assert.deepEqual([unknown.status, unknown.code], [401, 'unauthenticated'])
  assert.equal(unknown.detail.includes(CODE.code), false)
})

test('no session is begun with a token whose end it would not hear of', async () => {
  const { ports } = installation
  const ann = { kind: 'user', name: 'ann', role: 'admin', token: 'to-from-before-ids' } as const
  await assert.rejects(openSession(ports, ann, 'slc_endless'), { code: 'forbidden' })
  assert.equal(await ports.store.sessionCode(ports.keys.hash('slc_endless')), undefined)
})

test('a code opens nothing by itself, and neither it nor the token is stored', async () => {
  const { secret } = await tokenOf('viewer')
  const body = await open(secret)
  const asToken = await refuse(installation, 'whoAmI', { token: body.code })
  assert.equal(asToken.code, 'unauthenticated')
  const { body: begun } = await send(installation, 'beginSession', { token: null, body })
  const { ports, url } = installation
  const headers = { authorization: `Bearer ${installation.token}` }
  const listed = await (await fetch(`${url}/v1/tokens?kind=session`, { headers })).text()
  assert.ok(listed.includes(begun.id))
  assert.equal(listed.includes(ports.keys.hash(secret)), false, 'not even hashes are shown')
  const stored = [
    await ports.store.sessionCode(ports.keys.hash(body.code)),
    await ports.store.tokenById(begun.id),
    listed,
  ]
  for (const hidden of [secret, body.code, begun.token])
    assert.equal(JSON.stringify(stored).includes(hidden), false)
})

test('a session ends with the token that it came from', async () => {
  const parent = await tokenOf('viewer')
  const { token } = await begin(parent.secret)
  const code = await open(parent.secret)
  await revokeToken(installation.ports, parent.id, 'ada')
  const { status, detail } = await refuse(installation, 'whoAmI', { token })
  assert.equal(status, 401)
  assert.match(detail, /is over: the token that it came from was revoked by ada/)
  const late = await refuse(installation, 'beginSession', { token: null, body: code })
  assert.equal(late.status, 401)
})

test('a session lasts no longer than the token that it came from', async () => {
  const parent = await tokenOf('viewer', { lifetimeMs: HOUR_MS })
  const { expiresAt } = await begin(parent.secret)
  assert.equal(Date.parse(expiresAt), parent.expiresAt)
})

test('signing out ends the session, and not the token', async () => {
  const { secret, name } = await tokenOf('viewer')
  const { token, id } = await begin(secret)
  const { body } = await send(installation, 'endSession', { token })
  assert.deepEqual([body.id, body.state, body.revokedBy], [id, 'revoked', name])
  const { status, detail } = await refuse(installation, 'whoAmI', { token })
  assert.equal(status, 401)
  assert.match(detail, /^The session of ".*" \(se-.*\) was revoked by .* Sign in again/)
  await send(installation, 'whoAmI', { token: secret })
  const none = await refuse(installation, 'endSession', { token: secret })
  assert.deepEqual([none.status, none.code], [404, 'session_not_found'])
})

test('a session begins no other one', async () => {
  const { token } = await begin((await tokenOf('admin')).secret)
  const { status, detail } = await refuse(installation, 'openSession', { token, body: {} })
  assert.equal(status, 403)
  assert.match(detail, /`sluice dashboard`/)
})

test('sessions are listed apart from tokens, ended by an admin, and told of in the audit', async () => {
  const { secret } = await tokenOf('viewer', { env: 'prod' })
  const { id, name, token } = await begin(secret)
  const idsOf = async (query: { kind: string }) =>
    (await send(installation, 'listTokens', { query })).body.items.map((item) => item.id)
  assert.ok((await idsOf({ kind: 'session' })).includes(id))
  assert.equal((await idsOf({ kind: 'token' })).includes(id), false)
  await send(installation, 'revokeToken', { params: { id } })
  assert.equal((await refuse(installation, 'whoAmI', { token })).status, 401)
  const { items } = await installation.ports.store.auditEntries('prod', undefined, { limit: 100 })
  assert.deepEqual(
    items.filter(({ subject }) => subject === id).map(({ action, by }) => [action, by]),
    [
      ['session.ended', 'ada'],
      ['session.begun', name],
    ],
  )
})

test('what asks for a session and makes no sense is refused, and quotes no code', async () => {
  const senseless: [body: object | string, path: string][] = [
    [{}, 'code'],
    [{ code: '' }, 'code'],
    [{ code: 7 }, 'code'],
    [{ code: 'x'.repeat(201) }, 'code'],
    [{ ...CODE, name: 'eve' }, 'name'],
    [CODE.code, ''],
  ]
  for (const [body, path] of senseless) {
    const problem = await refuse(installation, 'beginSession', { token: null, body })
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
    if (path)
      assert.ok(
        problem.errors.some((fault) => fault.path === path),
        JSON.stringify(problem.errors),
      )
    assert.equal(JSON.stringify(problem).includes('slc_'), false)
  }
  const { status } = await refuse(installation, 'openSession', { body: { role: 'admin' } })
  assert.equal(status, 400)
})
