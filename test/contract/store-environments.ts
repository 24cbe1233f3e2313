import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Store } from '../../control/store-port.ts'
import { draft, PAGE } from './store-records.ts'

const STAGING = { name: 'staging', createdAt: 1, createdBy: 'ann', isClosed: false }

const entry = (id: string, action: AuditEntry['action'] = 'environment.created'): AuditEntry => ({
  id: `au-${id}`,
  env: 'staging',
  at: 1,
  action,
  by: 'ann',
})

export function environmentStoreContract(makeStore: () => Promise<Store>): void {
  test('an environment is created once, and listed by name', async () => {
    const store = await makeStore()
    assert.equal(await store.createEnvironment(STAGING, entry('1')), true)
    assert.equal(await store.createEnvironment({ ...STAGING, createdBy: 'bob' }, entry('2')), false)
    assert.equal(await store.createEnvironment({ ...STAGING, name: 'blue' }, entry('3')), true)
    assert.deepEqual(await store.environment('staging'), STAGING)
    assert.equal(await store.environment('nope'), undefined)
    assert.deepEqual(
      (await store.environments()).map(({ name }) => name),
      ['blue', 'staging'],
    )
    const { items } = await store.auditEntries('staging', undefined, PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['au-3', 'au-1'],
    )
  })

  test('versions begin in environments that there are and that are not being deleted', async () => {
    const store = await makeStore()
    const there = { ...draft(), env: 'staging' }
    const beginThere = async () =>
      (await store.beginVersion(there, new Map([['staging--shop', 'page']]))).kind
    assert.equal(await beginThere(), 'no_environment')
    assert.equal(await store.label('staging--shop'), undefined)
    await store.createEnvironment(STAGING, entry('1'))
    assert.equal(await beginThere(), 'begun')
    await store.closeEnvironment('staging', true)
    assert.equal((await store.environment('staging'))?.isClosed, true)
    assert.equal(await beginThere(), 'no_environment')
    await store.closeEnvironment('staging', false)
    assert.equal(await beginThere(), 'begun')
    assert.equal((await store.app(there))?.lastVersion, 2)
  })

  test('only a closed environment is removed, once; closing one that is not there makes none', async () => {
    const store = await makeStore()
    await store.createEnvironment(STAGING, entry('1'))
    const remove = (id: string) => store.removeEnvironment('staging', entry(id, 'environment.deleted'))
    assert.equal(await remove('2'), false)
    await store.closeEnvironment('staging', true)
    assert.equal(await remove('3'), true)
    assert.equal(await remove('4'), false)
    await store.closeEnvironment('staging', true)
    assert.equal(await store.environment('staging'), undefined)
    const { items } = await store.auditEntries('staging', undefined, PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['au-3', 'au-1'],
    )
  })
}
