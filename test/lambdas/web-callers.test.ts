import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueToken, revokeToken } from '../../control/tokens.ts'
import type { Role } from '../../protocol/access.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

let installation: Installation
let web: string
before(async () => {
  installation = await install()
  web = await installation.container({ env: 'prod', function: 'site' })
})
after(() => installation.close())

async function judge(token: string) {
  return (await send(installation, 'judge', { token: web, body: { token } })).body
}

let made = 0

async function tokenOf(role: Role, env?: string, lifetimeMs?: number) {
  const secret = `slu_${++made}`
  const { id } = await issueToken(
    installation.ports,
    { name: 'ci', role, env, lifetimeMs, by: 'ada' },
    secret,
  )
  return { secret, id }
}

test('who may call functions in the environment may call its web functions, and is named', async () => {
  for (const role of ['invoker', 'deployer', 'admin'] as const) {
    for (const env of ['prod', undefined]) {
      const { secret } = await tokenOf(role, env)
      assert.deepEqual(await judge(secret), { verdict: 'allowed', caller: 'token:ci' })
    }
  }
  const { secret } = await tokenOf('invoker', 'prod', 3_600_000)
  const verdict = await judge(secret)
  assert.ok(verdict.verdict === 'allowed' && verdict.lasts && verdict.lasts > 3_000 && verdict.lasts <= 3_600)
})

test('who may not is told why', async () => {
  const ended = await tokenOf('admin', 'prod')
  await revokeToken(installation.ports, ended.id, 'ada')
  const { secret: viewer } = await tokenOf('viewer')
  const { secret: abroad } = await tokenOf('admin', 'staging')
  const { secret: expired } = await tokenOf('admin', undefined, 0)
  const refused: [token: string, status: number, why: RegExp][] = [
    ['slu_unknown', 401, /not known here/],
    [ended.secret, 401, /was revoked by ada/],
    [expired, 401, /expired at/],
    [viewer, 403, /has the role viewer/],
    [abroad, 403, /is of environment "staging" and may not act in "prod"/],
  ]
  for (const [token, status, why] of refused) {
    const verdict = await judge(token)
    assert.ok(verdict.verdict === 'refused' && verdict.status === status, JSON.stringify(verdict))
    assert.match(verdict.detail, why)
  }
})

test('a container calls web functions of its own environment, until it stops', async () => {
  const colleague = await installation.container({ env: 'prod', id: 'co-colleague', app: 'reports' })
  assert.deepEqual(await judge(colleague), { verdict: 'allowed', caller: 'function:reports.work' })
  await installation.ports.store.containerStopped('co-colleague', 'done', 1)
  const gone = await judge(colleague)
  assert.ok(gone.verdict === 'refused' && gone.status === 401)
  const stranger = await judge(await installation.container({ env: 'staging' }))
  assert.ok(stranger.verdict === 'refused' && stranger.status === 403)
})

test('a name that no header can hold is written as one can', async () => {
  await issueToken(installation.ports, { name: 'josé\n50%', role: 'admin', by: 'ada' }, 'slu_name')
  assert.deepEqual(await judge('slu_name'), { verdict: 'allowed', caller: 'token:jos%C3%A9%0A50%25' })
})

test('only a container that is there may ask', async () => {
  const token = await installation.container({ state: 'stopped' })
  const { code } = await refuse(installation, 'judge', { token, body: { token: 'slu_x' } })
  assert.equal(code, 'container_gone')
})
