import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import type { Token } from '../../control/token-model.ts'
import { PAGE } from './store-records.ts'

const DAY_MS = 86_400_000

const token = (id: string, fields: Partial<Token> = {}): Token => ({
  id,
  hash: `hash of ${id}`,
  name: 'ci',
  role: 'deployer',
  createdAt: 1,
  createdBy: 'ann',
  ...fields,
})

const put = (store: Store, made: Token) => store.putToken(made, entry(`put ${made.id}`, made.id))
const revoke = (store: Store, id: string, revoked: { at: number; by: string }) =>
  store.revokeToken(id, revoked, entry(`revoke ${id} by ${revoked.by}`, id))

function entry(what: string, subject: string): AuditEntry {
  return { id: what.replaceAll(' ', '-'), env: 'main', at: 1, action: 'token.created', by: 'ann', subject }
}

/** What every store promises of tokens. */
export function tokenStoreContract(makeStore: () => Promise<Store>): void {
  test('a token is found by its hash and by its id, as it was made', async () => {
    const store = await makeStore()
    const confined = token('to-2', { env: 'prod', expiresAt: 5 })
    for (const made of [token('to-1'), confined]) assert.equal(await put(store, made), true)
    assert.deepEqual(await store.token(confined.hash), confined)
    assert.deepEqual(await store.tokenById('to-2'), confined)
    assert.deepEqual(await store.token('hash of to-1'), token('to-1'))
    assert.equal(await store.token('ci'), undefined)
    assert.equal(await store.tokenById('to-3'), undefined)
  })

  test('a token stays with whom it was made for', async () => {
    const store = await makeStore()
    await put(store, token('to-1'))
    const again = { ...token('to-2', { name: 'eve', role: 'admin' }), hash: 'hash of to-1' }
    assert.equal(await put(store, again), false)
    assert.deepEqual(await store.token('hash of to-1'), token('to-1'))
    assert.equal(await store.tokenById('to-2'), undefined)
  })

  test('a token is revoked once, and its hash says so from then on', async () => {
    const store = await makeStore()
    await put(store, token('to-1'))
    assert.equal(await revoke(store, 'to-1', { at: 7, by: 'bob' }), true)
    assert.equal(await revoke(store, 'to-1', { at: 9, by: 'eve' }), false)
    assert.equal(await revoke(store, 'to-9', { at: 9, by: 'eve' }), false)
    assert.deepEqual(await store.token('hash of to-1'), token('to-1', { revokedAt: 7, revokedBy: 'bob' }))
    assert.equal(await put(store, token('to-1')), false, 'it is not made anew')
    assert.equal((await store.token('hash of to-1'))?.revokedAt, 7)
    const { items } = await store.auditEntries('main', undefined, PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['revoke-to-1-by-bob', 'put-to-1'],
      'what changed nothing is not told of',
    )
  })

  test('tokens are listed newest first, page by page', async () => {
    const store = await makeStore()
    for (const id of ['to-2', 'to-1', 'to-4', 'to-3']) await put(store, token(id))
    const first = await store.tokens('token', { limit: 3 })
    assert.deepEqual(
      first.items.map(({ id }) => id),
      ['to-4', 'to-3', 'to-2'],
    )
    const second = await store.tokens('token', { limit: 3, cursor: first.cursor })
    assert.deepEqual(second, { items: [token('to-1')] })
    assert.deepEqual(await (await makeStore()).tokens('token', PAGE), { items: [] })
  })

  test('a token that has ended lately is still told from one that never was', async () => {
    const store = await makeStore()
    await put(store, token('to-1', { expiresAt: 2 }))
    await put(store, token('to-2'))
    await revoke(store, 'to-2', { at: 2, by: 'ann' })
    await put(store, token('to-3', { createdAt: DAY_MS }))
    assert.equal((await store.tokens('token', PAGE)).items.length, 3)
  })
}
