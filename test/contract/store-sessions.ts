import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import type { SessionCode, Token } from '../../control/token-model.ts'
import { PAGE } from './store-records.ts'

const HOUR_MS = 3_600_000

const code = (hash: string, fields: Partial<SessionCode> = {}): SessionCode => ({
  hash,
  name: 'ann',
  role: 'viewer',
  createdAt: 1,
  expiresAt: 60,
  ...fields,
})

const session = (id: string, fields: Partial<Token> = {}): Token => ({
  id,
  kind: 'session',
  hash: `hash of ${id}`,
  name: 'ann',
  role: 'viewer',
  createdAt: 2,
  createdBy: 'ann',
  expiresAt: 100,
  ...fields,
})

const begin = (store: Store, hash: string, begun: Token) =>
  store.beginSession({ hash, usedAt: 2 }, begun, entry(begun.id))

function entry(subject: string): AuditEntry {
  return { id: `begin-${subject}`, env: 'main', at: 2, action: 'session.begun', by: 'ann', subject }
}

/** What every store promises of sessions. */
export function sessionStoreContract(makeStore: () => Promise<Store>): void {
  test('a code is found by its hash, as it was made', async () => {
    const store = await makeStore()
    const full = code('two', { env: 'prod', parent: 'hash of to-1', parentExpiresAt: 70 })
    for (const made of [code('one'), full]) await store.putSessionCode(made)
    assert.deepEqual(await store.sessionCode('one'), code('one'))
    assert.deepEqual(await store.sessionCode('two'), full)
    assert.equal(await store.sessionCode('three'), undefined)
    assert.equal(await store.token('one'), undefined, 'it opens nothing by itself')
  })

  test('of all that come with one code at once, one begins its session, which is told of', async () => {
    const store = await makeStore()
    await store.putSessionCode(code('one'))
    const ids = ['se-1', 'se-2', 'se-3']
    const begun = await Promise.all(ids.map((id) => begin(store, 'one', session(id))))
    assert.equal(begun.filter(Boolean).length, 1)
    const winner = ids[begun.indexOf(true)] ?? ''
    for (const id of ids) assert.equal((await store.tokenById(id)) !== undefined, id === winner)
    assert.equal((await store.sessionCode('one'))?.usedAt, 2)
    const { items } = await store.auditEntries('main', undefined, PAGE)
    assert.deepEqual(
      items.map(({ subject }) => subject),
      [winner],
    )
  })

  test('without a code no session begins', async () => {
    const store = await makeStore()
    assert.equal(await begin(store, 'none', session('se-1')), false)
    assert.equal(await store.token('hash of se-1'), undefined)
    assert.equal(await store.sessionCode('none'), undefined)
  })

  test('a session is a token that knows where it came from, and is listed apart', async () => {
    const store = await makeStore()
    const { kind, expiresAt, ...parent } = session('to-1')
    await store.putToken(parent, { ...entry('to-1'), action: 'token.created' })
    await store.putSessionCode(code('one'))
    const begun = session('se-1', { env: 'prod', parent: parent.hash })
    assert.equal(await begin(store, 'one', begun), true)
    assert.deepEqual(await store.token(begun.hash), begun)
    assert.deepEqual(await store.tokenById('se-1'), begun)
    assert.deepEqual((await store.tokens('token', PAGE)).items, [parent])
    assert.deepEqual((await store.tokens('session', PAGE)).items, [begun])
  })

  test('a session is ended as a token is revoked', async () => {
    const store = await makeStore()
    await store.putSessionCode(code('one'))
    await begin(store, 'one', session('se-1'))
    const end = () => store.revokeToken('se-1', { at: 7, by: 'ann' }, { ...entry('se-1'), id: 'end-se-1' })
    assert.deepEqual([await end(), await end()], [true, false])
    assert.deepEqual(await store.token('hash of se-1'), session('se-1', { revokedAt: 7, revokedBy: 'ann' }))
  })

  test('a code that is used or old is still told from one that never was', async () => {
    const store = await makeStore()
    await store.putSessionCode(code('used'))
    await begin(store, 'used', session('se-1'))
    await store.putSessionCode(code('old'))
    await store.putSessionCode(code('new', { createdAt: HOUR_MS, expiresAt: HOUR_MS + 60 }))
    assert.equal((await store.sessionCode('used'))?.usedAt, 2)
    assert.deepEqual(await store.sessionCode('old'), code('old'))
  })
}
