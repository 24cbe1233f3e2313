import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { LocalIds } from '../../../platforms/local/ids.ts'
import { DatabaseInUse } from '../../../platforms/local/store/database.ts'
import { migrate } from '../../../platforms/local/store/migrations.ts'
import { openStore } from '../../../platforms/local/store/store.ts'
import { storeContract } from '../../contract/store.ts'
import { notice } from '../../contract/store-notices.ts'
import { draft, KEY, live } from '../../contract/store-records.ts'

const ENTRY = { id: 'au-1', env: 'main', at: 1, action: 'token.created', by: 'ann' } as const

storeContract('SQLite', async () => openStore(':memory:'))

const files = mkdtempSync(join(tmpdir(), 'sluice-stores-'))
after(() => rmSync(files, { recursive: true }))
storeContract('SQLite on a disk', async () =>
  openStore(join(mkdtempSync(join(files, 'store-')), 'store.sqlite')),
)

test('a control plane that starts is told of every app that wants something of it', async () => {
  const store = openStore(':memory:')
  await live(store)
  await store.settle(KEY, { version: 1, stagings: 0 }, [])
  assert.deepEqual(store.unsettledApps(), [KEY], 'a web function wants its address')
  const idle = { ...KEY, app: 'idle' }
  await live(store, { ...draft({ work: { kind: 'plain' } }), ...idle })
  await store.settle(idle, { version: 1, stagings: 0 }, [])
  assert.deepEqual(store.unsettledApps(), [KEY], 'nothing is wanted for a function that is scaled to zero')
  const warm = { ...KEY, app: 'warm' }
  await live(store, { ...draft({ work: { kind: 'plain', minContainers: 1 } }), ...warm })
  await store.settle(warm, { version: 1, stagings: 0 }, [])
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
    await store.putToken({ id: 'to-1', hash: 'h', name: 'ann', role: 'admin', createdAt: 1, createdBy: 'ann' }, { id: 'au-1', env: 'main', at: 1, action: 'token.created', by: 'ann' })
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

test('tokens of a release that had no roles may do everything, as they always might', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'store.sqlite')
  const before = new DatabaseSync(path)
  migrate(before, 1)
  before.exec(`insert into tokens values ('${'a'.repeat(64)}', 'ann', 1), ('${'b'.repeat(64)}', 'bob', 2)`)
  before.close()
  const store = openStore(path)
  const { items } = await store.tokens('token', { limit: 10 })
  assert.deepEqual(
    items.map(({ name, role, env }) => [name, role, env]),
    [
      ['bob', 'admin', undefined],
      ['ann', 'admin', undefined],
    ],
  )
  assert.deepEqual(await store.token('b'.repeat(64)), items[0])
  assert.equal(await store.revokeToken(items[0]?.id ?? '', { at: 3, by: 'ann' }, ENTRY), true)
  store.close()
})

test('a version whose commit failed leaves nothing to the next one of its number', async () => {
  const store = openStore(join(mkdtempSync(join(files, 'store-')), 'store.sqlite'))
  const lost = [store.beginVersion(draft(), new Map()), store.version(KEY, 1)]
  // As SQLite does when the disk is full.
  store.database.connection.exec('rollback')
  for (const { status } of await Promise.allSettled(lost)) assert.equal(status, 'rejected')
  const other = { ...draft({ other: { kind: 'plain' } }), manifestHash: 'another' }
  await store.beginVersion(other, new Map())
  assert.deepEqual((await store.version(KEY, 1))?.manifest, other.manifest)
  store.close()
})

test('a token that ended long ago is forgotten with the next that is made', async () => {
  const store = openStore(':memory:')
  const token = { hash: 'h1', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'ann' } as const
  await store.putToken({ ...token, id: 'to-1', expiresAt: 2 }, ENTRY)
  await store.putToken({ ...token, id: 'to-2', hash: 'h2' }, ENTRY)
  await store.putToken({ ...token, id: 'to-3', hash: 'h3', createdAt: 31 * 86_400_000 }, ENTRY)
  assert.equal(await store.token('h1'), undefined)
  assert.equal((await store.token('h2'))?.id, 'to-2')
})

test('calls are forgotten in time, once they have ended', async () => {
  const store = openStore(':memory:')
  await live(store)
  const clock = { now: () => 0 }
  const ids = new LocalIds(clock)
  const made: Record<string, string> = {}
  for (const [what, createdAt] of Object.entries({
    old: 1_000,
    waiting: 1_000,
    'just ended': 1_000,
    new: 20_000,
  })) {
    clock.now = () => createdAt
    const id = ids.next('ca')
    made[id] = what
    const call = { ...KEY, id, function: 'work', acceptedVersion: 1, createdAt } as const
    await store.acceptCall({ ...call, source: 'api', by: 'ann', args: { json: '[]' }, fingerprint: 'f' })
    const endedAt = { old: 2_000, 'just ended': 10_000, new: 30_000 }[what]
    if (endedAt) await store.cancelCall(id, endedAt, { name: 'Cancelled', message: '' })
  }
  await store.forgetPast(10_000)
  const left = store.database.all('select id from calls order by id').map(({ id }) => made[String(id)])
  assert.deepEqual(left, ['waiting', 'just ended', 'new'])
})

test('past calls are forgotten however many there are', async () => {
  const store = openStore(':memory:')
  await live(store)
  const ids = new LocalIds({ now: () => 1 })
  await Promise.all(
    Array.from({ length: 2_500 }, async () => {
      const id = ids.next('ca')
      const call = { ...KEY, id, function: 'work', acceptedVersion: 1, createdAt: 1 } as const
      await store.acceptCall({ ...call, source: 'api', by: 'ann', args: { json: '[]' }, fingerprint: 'f' })
      await store.cancelCall(id, 2, { name: 'Cancelled', message: '' })
    }),
  )
  await store.forgetPast(3)
  assert.deepEqual(store.database.all('select count(*) calls from calls'), [{ calls: 0 }])
})

test('notices are forgotten in time, once everybody was told of them', async () => {
  const store = openStore(':memory:')
  for (const [id, at] of Object.entries({ old: 1, due: 1, late: 1, new: 20 })) {
    await store.putNotice(notice(id, { at }))
    const delivery = {
      notice: id,
      channel: 'team',
      env: 'main',
      channelId: 'ch-1',
      createdAt: at,
      attempts: 0,
    }
    if (id !== 'due') await store.spreadNotice(id, [delivery])
    if (id !== 'late') await store.settleDelivery(delivery)
  }
  await store.forgetPast(10)
  const left = (table: string, key: string) =>
    store.database.all(`select ${key} from ${table} order by 1`).map((row) => row[key])
  assert.deepEqual(left('notices', 'id'), ['due', 'late', 'new'])
  assert.deepEqual(left('deliveries', 'notice'), ['late', 'new'])
})
