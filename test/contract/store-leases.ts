import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../control/store-port.ts'
import { begin, draft, KEY } from './store-records.ts'

/** What every store promises of apps that live for a time. */
export function leaseStoreContract(makeStore: () => Promise<Store>): void {
  const leaseOf = async (store: Store) => (await store.app(KEY))?.leaseUntil
  const ephemeral = (leaseUntil: number) => ({ ...draft(), leaseUntil })
  const expiry = { by: 'sluice', reason: undefined, deadline: 99, isExpiry: true } as const

  test('a lease is only ever prolonged, and only that of an ephemeral app that is deployed', async () => {
    const store = await makeStore()
    assert.equal(await store.renewLease(KEY, 50), undefined)
    await begin(store, ephemeral(10))
    assert.equal((await store.renewLease(KEY, 50))?.leaseUntil, 50)
    assert.equal((await store.renewLease(KEY, 20))?.leaseUntil, 50)
    assert.equal(await leaseOf(store), 50)
    await store.beginStop(KEY, { ...expiry, at: 50 })
    assert.deepEqual([(await store.renewLease(KEY, 90))?.state, await leaseOf(store)], ['stopping', 50])
  })

  test('what was deployed to stay gets no lease by being kept alive', async () => {
    const store = await makeStore()
    await begin(store)
    assert.equal((await store.renewLease(KEY, 50))?.leaseUntil, undefined)
    await store.beginStop(KEY, { ...expiry, at: 1 })
    assert.equal((await store.app(KEY))?.state, 'deployed')
  })

  test('an expiry that was overtaken by a renewal stops nothing', async () => {
    const store = await makeStore()
    await begin(store, ephemeral(10))
    await store.renewLease(KEY, 50)
    assert.equal((await store.beginStop(KEY, { ...expiry, at: 10 }))?.state, 'deployed')
    assert.equal((await store.beginStop(KEY, { ...expiry, at: 50 }))?.state, 'stopping')
  })

  test('a deploy says anew how long the app lives; a version made of another one leaves that as it is', async () => {
    const store = await makeStore()
    await begin(store, ephemeral(10))
    await begin(store, { ...draft(), origin: 'rollback' })
    assert.equal(await leaseOf(store), 10)
    await begin(store, ephemeral(20))
    assert.equal(await leaseOf(store), 20)
    await begin(store)
    assert.equal(await leaseOf(store), undefined)
  })
}
