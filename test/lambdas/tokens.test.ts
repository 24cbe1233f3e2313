import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createEnvironment } from '../../control/environments.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
before(async () => {
  installation = await install()
  await createEnvironment(installation.ports, { name: 'prod', by: 'ada' })
})
after(() => installation.close())

test('a token is shown once, and opens what its role is for, where it is for', async () => {
  const body = { name: 'ci', role: 'deployer', env: 'prod', expiresIn: 3600 }
  const { status, body: made } = await send(installation, 'createToken', { body })
  assert.deepEqual([status, made.state, made.createdBy], [201, 'active', 'ada'])
  assert.match(made.token, /^slu_[\w-]{43}$/)
  assert.equal(Date.parse(made.expiresAt ?? '') - Date.parse(made.createdAt), 3_600_000)

  const { body: me } = await send(installation, 'whoAmI', { token: made.token })
  const { id, expiresAt } = made
  const known = {
    kind: 'token',
    name: 'ci',
    role: 'deployer',
    scopes: ['read', 'call', 'deploy'],
    env: 'prod',
  }
  assert.deepEqual(me, { ...known, token: id, expiresAt, console: 'http://console.test' })

  const { token, ...shown } = made
  const listed = await send(installation, 'listTokens')
  assert.deepEqual(
    listed.body.items.find((item) => item.id === id),
    shown,
  )
  const stored = JSON.stringify([listed.body, await installation.ports.store.tokenById(id)])
  assert.equal(stored.includes(token), false)
})

test('a token that is revoked opens nothing from then on, and is listed as such', async () => {
  const { body } = await send(installation, 'createToken', { body: { name: 'old', role: 'admin' } })
  const params = { id: body.id }
  const { body: revoked } = await send(installation, 'revokeToken', { params, token: body.token })
  assert.deepEqual([revoked.state, revoked.revokedBy], ['revoked', 'old'])
  assert.equal((await refuse(installation, 'whoAmI', { token: body.token })).code, 'unauthenticated')
  const again = await send(installation, 'revokeToken', { params })
  assert.deepEqual(again.body, revoked, 'twice is once')
  const { items } = (await send(installation, 'listTokens')).body
  assert.equal(items.find(({ id }) => id === body.id)?.state, 'revoked')
})

test('who made and revoked a token is told, once', async () => {
  const { body } = await send(installation, 'createToken', {
    body: { name: 'audited', role: 'viewer', env: 'prod' },
  })
  for (const _ of [1, 2]) await send(installation, 'revokeToken', { params: { id: body.id } })
  const { items } = await installation.ports.store.auditEntries('prod', undefined, { limit: 100 })
  assert.deepEqual(
    items.filter(({ subject }) => subject === body.id).map(({ action, by }) => [action, by]),
    [
      ['token.revoked', 'ada'],
      ['token.created', 'ada'],
    ],
  )
})

test('a request for a token that makes no sense makes none', async () => {
  const before = (await send(installation, 'listTokens')).body.items.length
  const senseless: [body: object, path: string][] = [
    [{ role: 'viewer' }, 'name'],
    [{ name: '', role: 'viewer' }, 'name'],
    [{ name: 'a b', role: 'viewer' }, 'name'],
    [{ name: 'x'.repeat(65), role: 'viewer' }, 'name'],
    [{ name: 'ci' }, 'role'],
    [{ name: 'ci', role: 'root' }, 'role'],
    [{ name: 'ci', role: 'viewer', env: 'No Such' }, 'env'],
    [{ name: 'ci', role: 'viewer', expiresIn: 59 }, 'expiresIn'],
    [{ name: 'ci', role: 'viewer', expiresIn: 1e12 }, 'expiresIn'],
    [{ name: 'ci', role: 'viewer', expires: 60 }, 'expires'],
  ]
  for (const [body, path] of senseless) {
    const problem = await refuse(installation, 'createToken', { body })
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
    assert.ok(
      problem.errors.some((fault) => fault.path === path),
      `${JSON.stringify(body)}: ${problem.detail}`,
    )
  }
  const typo = await refuse(installation, 'createToken', { body: { name: 'ci', role: 'viewer', env: 'prd' } })
  assert.deepEqual([typo.status, typo.code], [404, 'environment_not_found'])
  assert.match(typo.detail, /Did you mean "prod"\?/)
  assert.equal((await send(installation, 'listTokens')).body.items.length, before)
})

test('a token that is not there cannot be revoked', async () => {
  const { status, code, detail } = await refuse(installation, 'revokeToken', { params: { id: 'to-none' } })
  assert.deepEqual([status, code], [404, 'token_not_found'])
  assert.match(detail, /`sluice token list`/)
})

test('a container hears who it is', async () => {
  const token = await installation.container({ env: 'prod', id: 'co-me' })
  const { body } = await send(installation, 'whoAmI', { token })
  assert.deepEqual(body, { kind: 'container', name: 'co-me', scopes: ['call'], env: 'prod' })
})
