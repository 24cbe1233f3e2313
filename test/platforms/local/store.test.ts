import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseInUse } from '../../../platforms/local/store/database.ts'
import { openStore } from '../../../platforms/local/store/store.ts'
import { storeContract } from '../../contract/store.ts'
import { draft, KEY, live } from '../../contract/store-records.ts'

storeContract('SQLite', async () => openStore(':memory:'))

test('a control plane that starts is told of every app that wants something of it', async () => {
  const store = openStore(':memory:')
  await live(store)
  await store.settle(KEY, 1, [])
  assert.deepEqual(store.unsettledApps(), [KEY], 'a web function wants its address')
  const idle = { ...KEY, app: 'idle' }
  await live(store, { ...draft({ work: { kind: 'plain' } }), ...idle })
  await store.settle(idle, 1, [])
  assert.deepEqual(store.unsettledApps(), [KEY], 'nothing is wanted for a function that is scaled to zero')
  const warm = { ...KEY, app: 'warm' }
  await live(store, { ...draft({ work: { kind: 'plain', minContainers: 1 } }), ...warm })
  await store.settle(warm, 1, [])
  assert.deepEqual(store.unsettledApps(), [KEY, warm], 'a warm pool wants its containers')
})

test('what was stored is there after the process was killed, and a second process is refused while one runs', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'store.sqlite')
  const module = new URL('../../../platforms/local/store/store.ts', import.meta.url).href
  const program = `
    const { openStore } = await import(${JSON.stringify(module)})
    const store = openStore(${JSON.stringify(path)})
    await store.putToken({ hash: 'h', name: 'ann', createdAt: 1 })
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })

  const store = openStore(path)
  assert.equal(store.database.get('select name from tokens')?.name, 'ann')
  const second = `
    const { openStore } = await import(${JSON.stringify(module)})
    try { openStore(${JSON.stringify(path)}) } catch (error) { console.log(error.constructor.name) }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', second], {
    encoding: 'utf8',
  })
  assert.equal(stdout.trim(), DatabaseInUse.name)
  store.close()
})

test('a folder of a newer release is refused, with what to do', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'store.sqlite')
  const store = openStore(path)
  store.database.connection.exec('pragma user_version = 999')
  store.close()
  assert.throws(() => openStore(path), /newer release/)
})
