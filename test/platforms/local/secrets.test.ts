import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { LocalKeys } from '../../../platforms/local/keys.ts'
import { SqliteSecrets } from '../../../platforms/local/secrets.ts'
import { openStore } from '../../../platforms/local/store/store.ts'
import { secretsContract } from '../../contract/secrets.ts'

const KEYS = new LocalKeys(Buffer.alloc(32, 'one'))
const REF = { env: 'main', name: 'openai', version: 1 }
const VALUE = 'sk-of-this-test-alone'

secretsContract('SQLite', async () => {
  const store = openStore(':memory:')
  return { secrets: new SqliteSecrets(store.database, KEYS), close: async () => store.close() }
})

test('no file holds a value in the clear, and another installation’s key does not open it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const store = openStore(join(folder, 'store.sqlite'))
  t.after(() => store.close())
  await new SqliteSecrets(store.database, KEYS).put(REF, { KEY: VALUE })
  await store.durable()
  const files = readdirSync(folder)
  assert.ok(files.length > 0)
  for (const file of files) assert.ok(!readFileSync(join(folder, file)).includes(VALUE), file)

  const stranger = new SqliteSecrets(store.database, new LocalKeys(Buffer.alloc(32, 'two')))
  await assert.rejects(stranger.get(REF), /"openai" of environment "main" cannot be opened.*Restore it/)
})

test('values that were moved to another secret’s place do not open there', async (t) => {
  const store = openStore(':memory:')
  t.after(() => store.close())
  const secrets = new SqliteSecrets(store.database, KEYS)
  await secrets.put(REF, { KEY: VALUE })
  store.database.run("update secret_values set name = 'harmless'")
  await assert.rejects(secrets.get({ ...REF, name: 'harmless' }), /cannot be opened/)
})
