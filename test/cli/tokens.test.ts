import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenView } from '../../protocol/tokens.ts'
import { startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const token = (id: string, name: string, state: TokenView['state'] = 'active'): TokenView => ({
  id,
  name,
  role: 'invoker',
  state,
  createdAt: '2026-01-31T06:00:00.000Z',
  createdBy: 'ada',
})

/** As the platforms make them. */
const ID = `to-${'0'.repeat(26)}`

const TOKENS = [
  token('to-3', 'ci'),
  token('to-2', 'twin'),
  token('to-1', 'twin'),
  token('to-0', 'ci', 'revoked'),
  token('to-00', 'to-do'),
]

test('the token alone goes to standard output, for a script to take', async () => {
  await using peer = await startPeer({
    createToken: ({ body }) => ({ ...token('to-9', body.name), env: 'prod', token: 'slu_new' }),
  })
  const words = 'token create ci --role invoker --env prod --expires 90d'
  const { code, stdout, stderr } = await sluice(words.split(' '), { url: peer.url })
  assert.deepEqual([code, stdout], [0, 'slu_new\n'])
  assert.match(stderr, /^Made to-9: ci, invoker in prod\.\nKeep it now: it is not shown again\.\n$/)
  const body = { name: 'ci', role: 'invoker', env: 'prod', expiresIn: 90 * 86_400 }
  assert.deepEqual(peer.requests.at(-1)?.body, body)
})

test('a token is revoked by its id, or by its name where only one is meant', async () => {
  await using peer = await startPeer({
    listTokens: () => ({ items: TOKENS }),
    revokeToken: ({ params }) => token(params.id ?? '', 'ci', 'revoked'),
  })
  const revoke = (name: string) => sluice(['token', 'revoke', name], { url: peer.url })
  assert.match((await revoke('ci')).stdout, /ci \(to-3\) is revoked/)
  assert.match((await revoke('to-do')).stdout, /\(to-00\) is revoked/)
  assert.match((await revoke(ID)).stdout, new RegExp(`\\(${ID}\\) is revoked`))
  const revoked = () => peer.requests.filter(({ route }) => route === 'revokeToken').length
  const before = revoked()
  assert.match(
    (await revoke('twin')).stderr,
    /2 tokens are called "twin"\. Say which by its id: to-2, to-1\./,
  )
  assert.match((await revoke('none')).stderr, /There is no token "none" that is good for anything/)
  assert.equal(revoked(), before)
})

test('tokens are listed with what they are for', async () => {
  await using peer = await startPeer({ listTokens: () => ({ items: TOKENS.slice(0, 1) }) })
  const { stdout } = await sluice(['token', 'list'], { url: peer.url })
  assert.match(stdout, /^Token +Name +Role +Environment +State +Made +By\nto-3 +ci +invoker +all +active /)
})

test('sessions are listed apart, and ended by their id', async () => {
  const session = `se-${'0'.repeat(26)}`
  await using peer = await startPeer({
    listTokens: ({ query }) => ({ items: query.kind === 'session' ? [token(session, 'ann')] : TOKENS }),
    revokeToken: ({ params }) => token(params.id ?? '', 'ann', 'revoked'),
  })
  const { stdout } = await sluice(['token', 'list', '--sessions'], { url: peer.url })
  assert.match(stdout, new RegExp(`^Token .*\n${session} +ann `))
  assert.equal((await sluice(['token', 'list'], { url: peer.url })).stdout.includes(session), false)
  assert.match((await sluice(['token', 'revoke', session], { url: peer.url })).stdout, /is revoked/)
})

test('a token that makes no sense is not asked for', async () => {
  await using peer = await startPeer({})
  const misuses: [words: string, message: RegExp][] = [
    ['token create ci', /required option '--role <role>' not specified/],
    ['token create ci --role root', /Allowed choices are viewer, invoker, deployer, admin/],
    ['token create ci --role viewer --expires soon', /Write how long, such as 12h or 90d/],
    ['token create --role viewer', /missing required argument 'name'/],
    ['token revoke', /missing required argument 'token'/],
  ]
  for (const [words, message] of misuses) {
    const { code, stderr } = await sluice(words.split(' '), { url: peer.url })
    assert.match(stderr, message)
    assert.deepEqual([words, code], [words, 2])
  }
  assert.deepEqual(peer.requests, [])
})
