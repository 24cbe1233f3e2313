import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueToken, revokeToken } from '../../control/tokens.ts'
import type { Route } from '../../protocol/route.ts'
import { ROUTES, type RouteId } from '../../protocol/routes.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const routes = Object.entries(ROUTES) as [RouteId, Route][]
const guarded = routes.filter(([, route]) => route.audience !== 'anyone')
/** A path that fits every route's schema. */
const params = { app: 'shop', function: 'work', version: 1, id: 'ca-1' }
const FORGED_MAC = '0'.repeat(64)

let installation: Installation
before(async () => {
  installation = await install()
})
after(() => installation.close())

for (const [id, route] of guarded) {
  test(`${id} refuses who sends no token`, async () => {
    const problem = await refuse(installation, id, { params, token: null })
    assert.deepEqual([problem.status, problem.code], [401, 'unauthenticated'])
  })

  test(`${id} refuses a token that was never issued, and one that was forged`, async () => {
    for (const token of ['slu_guess', `sct_co-1_${FORGED_MAC}`, 'x'.repeat(1000)]) {
      const problem = await refuse(installation, id, { params, token })
      assert.deepEqual([problem.status, problem.code], [401, 'unauthenticated'], token)
    }
  })

  if (route.audience === 'user') {
    test(`${id} is not for containers`, async () => {
      const problem = await refuse(installation, id, { params, token: await installation.container() })
      assert.deepEqual([problem.status, problem.code], [403, 'forbidden'])
    })
  }

  if (route.audience === 'container') {
    test(`${id} is for containers only`, async () => {
      const problem = await refuse(installation, id, { params })
      assert.deepEqual([problem.status, problem.code], [403, 'forbidden'])
    })

    test(`${id} is closed to a container that has stopped`, async () => {
      const token = await installation.container({ state: 'stopped' })
      const body = BODIES[id]
      const problem = await refuse(installation, id, { params, token, body })
      assert.deepEqual([problem.status, problem.code], [410, 'container_gone'])
    })
  }
}

const BODIES: Partial<Record<RouteId, unknown>> = {
  next: { completed: [], free: 1 },
  heartbeat: { running: [], requests: 0 },
  exit: { error: { name: 'Error', message: 'gone' }, logs: [] },
  upload: { sha256: 'a'.repeat(64) },
  judge: { token: 'x' },
}

test('what needs no token is answered without one', async () => {
  assert.equal((await send(installation, 'health', { token: null })).body.status, 'ok')
  assert.ok((await send(installation, 'openapi', { token: null })).body.paths)
})

test('a container calls within its own environment and no other', async () => {
  const token = await installation.container({ env: 'staging' })
  const body = { args: [] }
  const abroad = await refuse(installation, 'call', { params, query: { env: 'main' }, token, body })
  assert.deepEqual([abroad.status, abroad.code], [403, 'forbidden'])
  const unnamed = await refuse(installation, 'call', { params, token, body })
  assert.equal(unnamed.code, 'forbidden', 'main is what an address without ?env means')
  const home = await refuse(installation, 'call', { params, query: { env: 'staging' }, token, body })
  assert.equal(home.code, 'app_not_found')
})

test('a container uploads within its own environment and no other', async () => {
  const token = await installation.container({ env: 'staging' })
  const body = { sha256: [] }
  await send(installation, 'missingBlobs', { query: { env: 'staging' }, token, body })
  const abroad = await refuse(installation, 'missingBlobs', { query: { env: 'main' }, token, body })
  assert.equal(abroad.code, 'forbidden')
})

test('a container that has stopped calls nothing any more', async () => {
  const token = await installation.container({ state: 'stopped' })
  const problem = await refuse(installation, 'call', { params, token, body: { args: [] } })
  assert.deepEqual([problem.status, problem.code], [410, 'container_gone'])
})

test('the challenge of a refusal names the scheme', async () => {
  const response = await fetch(`${installation.url}/v1/apps`)
  assert.equal(response.headers.get('www-authenticate'), 'Bearer')
  await response.body?.cancel()
})

test('no answer shows a token', async () => {
  const secret = 'slu_canary-in-the-header'
  for (const [id] of guarded) {
    const problem = await refuse(installation, id, { params, token: secret })
    assert.doesNotMatch(JSON.stringify(problem), /canary/, id)
  }
})

test('a token that has expired, or was revoked, opens nothing any more, and says why', async () => {
  const { ports } = installation
  const request = { name: 'ci', role: 'admin', by: 'ada' } as const
  const revoked = await issueToken(ports, request, 'slu_revoked')
  await send(installation, 'listApps', { token: 'slu_revoked' })
  await revokeToken(ports, revoked.id, 'eve')
  await issueToken(ports, { ...request, lifetimeMs: 0 }, 'slu_expired')
  await issueToken(ports, { ...request, lifetimeMs: 60_000 }, 'slu_lasts')
  await send(installation, 'listApps', { token: 'slu_lasts' })
  const ended = [
    ['slu_revoked', /The token "ci" \(to-[\w-]+\) was revoked by eve at 2\d{3}-/],
    ['slu_expired', /The token "ci" \(to-[\w-]+\) expired at 2\d{3}-/],
  ] as const
  for (const [token, says] of ended) {
    for (const [id] of guarded) {
      const { status, code, detail } = await refuse(installation, id, { params, token })
      assert.deepEqual([status, code], [401, 'unauthenticated'], id)
      assert.match(detail, says)
    }
  }
})

test('who may not do a thing is told what is missing, who has it, and how to get it', async () => {
  await issueToken(installation.ports, { name: 'dash', role: 'viewer', by: 'ada' }, 'slu_viewer')
  const { detail } = await refuse(installation, 'stop', { params, token: 'slu_viewer', body: {} })
  assert.equal(
    detail,
    'The token "dash" has the role viewer, which is for read; this takes deploy. Roles that have it: deployer, admin. An admin makes such a token with `sluice token create NAME --role ROLE`.',
  )
  await issueToken(installation.ports, { name: 'ops', role: 'admin', env: 'prod', by: 'ada' }, 'slu_prod')
  const abroad = await refuse(installation, 'stop', { params, token: 'slu_prod', body: {} })
  assert.match(abroad.detail, /"ops" is of environment "prod" and may not act in "main"\. .* `--env prod`/)
})
