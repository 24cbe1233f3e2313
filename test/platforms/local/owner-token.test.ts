import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { authenticate } from '../../../control/access.ts'
import { revokeToken } from '../../../control/tokens.ts'
import { ownerToken } from '../../../platforms/local/owner-token.ts'
import { install } from '../../lambdas/installation.ts'

const PRIVATE = 0o600

test('the owner is an admin, and whose token was revoked gets another one at the next start', async (t) => {
  const installation = await install()
  const dir = mkdtempSync(join(tmpdir(), 'sluice-owner-'))
  t.after(async () => {
    await installation.close()
    rmSync(dir, { recursive: true })
  })
  const { ports } = installation
  const start = () => ownerToken(ports, dir)
  const first = await start()
  assert.equal(await start(), first)
  const owner = await authenticate(ports, first)
  assert.ok(owner.kind === 'user' && owner.role === 'admin' && owner.env === undefined)
  const { items } = await ports.store.tokens('token', { limit: 10 })
  assert.equal(items.filter(({ id }) => id === owner.token).length, 1, 'a start makes it once')

  await revokeToken(ports, owner.token ?? '', 'eve')
  const second = await start()
  assert.notEqual(second, first)
  await authenticate(ports, second)
  await assert.rejects(authenticate(ports, first), /was revoked by eve/)
  assert.equal(readFileSync(join(dir, 'token'), 'utf8').trim(), second)
  assert.equal(statSync(join(dir, 'token')).mode & 0o777, PRIVATE)
})
