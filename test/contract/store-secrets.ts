import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../control/model.ts'
import type { Secret } from '../../control/secret-model.ts'
import type { Store } from '../../control/store-port.ts'
import { begin, draft, PAGE } from './store-records.ts'

const KEY = { env: 'main', name: 'openai' }

const secret = (version: number, fields: Partial<Secret> = {}): Secret => ({
  ...KEY,
  version,
  variables: ['KEY', 'URL'],
  writtenAt: 10 + version,
  writtenBy: 'ann',
  ...fields,
})

const entry = (id: string, action: AuditEntry['action'] = 'secret.written'): AuditEntry => ({
  id: `au-${id}`,
  env: 'main',
  at: 1,
  action,
  by: 'ann',
  subject: KEY.name,
})

/** Long after whatever came before. */
const deletion = (id: string, { force = false } = {}) => ({
  force,
  entry: { ...entry(id, 'secret.deleted'), at: 3_600_000 },
})

export function secretStoreContract(makeStore: () => Promise<Store>): void {
  const written = async (store: Store, version: number, name = KEY.name): Promise<void> => {
    const key = { ...KEY, name }
    assert.equal(await store.beginSecret(key, version), version)
    const options = { force: version > 1, entry: entry(`${name}-${version}`) }
    assert.equal(await store.writeSecret(secret(version, key), options), true)
  }

  test('a secret is there once its first version is written, with the entry that says so', async () => {
    const store = await makeStore()
    assert.equal(await store.beginSecret(KEY, 1), 1)
    assert.equal(await store.secret(KEY), undefined)
    assert.deepEqual(
      (await store.secretVersions(KEY)).map(({ written }) => written),
      [undefined],
    )
    assert.equal(await store.writeSecret(secret(1), { force: false, entry: entry('1') }), true)
    assert.deepEqual(await store.secret(KEY), secret(1))
    const { items } = await store.auditEntries('main', undefined, PAGE)
    assert.deepEqual(items, [entry('1')])
  })

  test('two who write at once get numbers of their own, and the later number is the newest, whoever ends first', async () => {
    const store = await makeStore()
    const numbers = await Promise.all([1, 2, 3].map((at) => store.beginSecret(KEY, at)))
    assert.deepEqual(numbers.sort(), [1, 2, 3])
    assert.equal(await store.writeSecret(secret(3), { force: true, entry: entry('3') }), true)
    assert.equal(await store.writeSecret(secret(2), { force: true, entry: entry('2') }), true)
    assert.equal((await store.secret(KEY))?.version, 3)
    assert.deepEqual(
      (await store.secretVersions(KEY)).map(({ version, isNewest, written }) => [
        version,
        isNewest,
        !!written,
      ]),
      [
        [3, true, true],
        [2, false, true],
        [1, false, false],
      ],
    )
  })

  test('who does not mean to overwrite does not, also where somebody else was faster', async () => {
    const store = await makeStore()
    await store.beginSecret(KEY, 1)
    await store.beginSecret(KEY, 2)
    assert.equal(await store.writeSecret(secret(1), { force: false, entry: entry('1') }), true)
    assert.equal(await store.writeSecret(secret(2), { force: false, entry: entry('2') }), false)
    assert.deepEqual(await store.secret(KEY), secret(1))
    assert.deepEqual(await store.secretVersion({ ...KEY, version: 2 }), {
      ...KEY,
      version: 2,
      begunAt: 2,
      isNewest: false,
      isDeleted: false,
    })
    assert.equal((await store.auditEntries('main', undefined, PAGE)).items.length, 1)
  })

  test('a deleted secret is gone with its versions, and its numbers are not given out again', async () => {
    const store = await makeStore()
    await written(store, 1)
    await written(store, 2)
    const late = await store.beginSecret(KEY, 3)
    assert.equal(await store.deleteSecret(KEY, deletion('d')), 'deleted')
    assert.equal(await store.deleteSecret(KEY, deletion('e')), 'none')
    assert.equal(await store.secret(KEY), undefined)
    assert.deepEqual((await store.secrets('main', PAGE)).items, [])
    assert.ok((await store.secretVersions(KEY)).every(({ isDeleted }) => isDeleted))
    assert.equal(await store.writeSecret(secret(late), { force: true, entry: entry('l') }), false, 'too late')

    assert.equal(await store.beginSecret(KEY, 4), 4)
    assert.equal(await store.writeSecret(secret(4), { force: false, entry: entry('4') }), true)
    assert.deepEqual(await store.secret(KEY), secret(4))
    assert.equal((await store.secretVersion({ ...KEY, version: 2 }))?.isDeleted, true)
    for (const version of [1, 2, 3]) await store.forgetSecretVersion({ ...KEY, version })
    assert.equal(await store.secretVersion({ ...KEY, version: 2 }), undefined)
    assert.deepEqual(
      (await store.secretVersions(KEY)).map(({ version }) => version),
      [4],
    )
    const { items } = await store.auditEntries('main', undefined, PAGE)
    assert.equal(items.filter(({ action }) => action === 'secret.deleted').length, 1)
  })

  test('secrets are listed by name, page by page, each environment’s apart', async () => {
    const store = await makeStore()
    for (const [env, name] of [
      ['main', 'b'],
      ['main', 'a-b'],
      ['main', 'a'],
      ['other', 'c'],
      ['main', 'begun'],
    ] as const) {
      const version = await store.beginSecret({ env, name }, 1)
      if (name === 'begun') continue
      await store.writeSecret(secret(version, { env, name }), { force: false, entry: entry(env + name) })
    }
    const first = await store.secrets('main', { limit: 2 })
    assert.deepEqual(
      first.items.map(({ name }) => name),
      ['a', 'a-b'],
    )
    const second = await store.secrets('main', { limit: 2, cursor: first.cursor })
    assert.deepEqual(
      second.items.map(({ name }) => name),
      ['b'],
    )
    assert.equal(second.cursor, undefined)
    assert.deepEqual(
      (await store.secrets('other', PAGE)).items.map(({ name }) => name),
      ['c'],
    )
    assert.deepEqual(
      (await store.allSecretVersions('main')).map(({ name }) => name),
      ['a', 'a-b', 'b', 'begun'],
    )
  })

  test('a version of an app keeps which versions of secrets it was deployed with, and tells who asks', async () => {
    const store = await makeStore()
    await written(store, 1)
    await written(store, 2)
    await written(store, 1, 'stripe')
    await begin(store, { ...draft(), secretVersions: { openai: 1, stripe: 1 } })
    await begin(store, { ...draft(), secretVersions: { openai: 2 } })
    await begin(store)
    assert.deepEqual((await store.version(draft(), 1))?.secretVersions, { openai: 1, stripe: 1 })
    assert.equal((await store.version(draft(), 3))?.secretVersions, undefined)
    const pins = (await store.secretPins('main')).map(
      ({ app, version, status, secret, secretVersion }) =>
        `${app} v${version} (${status}): ${secret} ${secretVersion}`,
    )
    assert.deepEqual(pins.sort(), [
      'shop v1 (rolling): openai 1',
      'shop v1 (rolling): stripe 1',
      'shop v2 (rolling): openai 2',
    ])
    assert.deepEqual(await store.secretPins('other'), [])
  })

  test('what a version needs is deleted only by force, and none begins with what was deleted, or never was', async () => {
    const store = await makeStore()
    const beginWith = (openai: number) =>
      store.beginVersion({ ...draft(), secretVersions: { openai } }, new Map([['shop', 'page']]))
    const gone = { kind: 'secret_gone', secret: 'openai' }
    assert.deepEqual(await beginWith(1), gone)
    await written(store, 1)
    assert.equal((await beginWith(1)).kind, 'begun')
    assert.equal(await store.deleteSecret(KEY, deletion('d')), 'needed')
    assert.equal((await store.secret(KEY))?.version, 1)
    await store.endRollout(draft(), 1, { status: 'failed' })
    assert.equal(await store.deleteSecret(KEY, deletion('e')), 'deleted', 'what failed needs nothing')
    assert.deepEqual(await beginWith(1), gone)

    await written(store, 2)
    assert.deepEqual(await beginWith(1), gone, 'though there is a new one')
    assert.equal((await store.app(draft()))?.lastVersion, 1)
    assert.equal((await beginWith(2)).kind, 'begun')
    assert.equal(await store.deleteSecret(KEY, deletion('f', { force: true })), 'deleted')
  })

  test('of a version that begins with a secret and a deletion of it at the same time, one is refused', async () => {
    const store = await makeStore()
    for (let round = 1; round <= 6; round++) {
      const app = `shop-${round}`
      const name = `secret-${round}`
      await written(store, 1, name)
      const of = draft()
      const both = { ...of, app, manifest: { ...of.manifest, app }, secretVersions: { [name]: 1 } }
      const [deleted, begun] = await Promise.all([
        store.deleteSecret({ ...KEY, name }, deletion(app)),
        store.beginVersion(both, new Map()),
      ])
      const outcome = `${deleted}, ${begun.kind}`
      assert.ok(['deleted, secret_gone', 'needed, begun'].includes(outcome), outcome)
    }
  })
}
