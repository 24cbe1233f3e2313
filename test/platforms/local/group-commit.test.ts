import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Database } from '../../../platforms/local/store/database.ts'
import { answeringOnceSettled } from '../../../platforms/local/store/group-commit.ts'

const INSERT = 'insert into notes (id) values ($id)'

test('what changes in one turn is committed at once, and nobody is answered before', async (t) => {
  const { database, notes } = scene(t)
  let open = true
  const answers = [notes.write('a'), notes.write('b'), notes.read()].map((answer) =>
    answer.then((result) => {
      open &&= database.connection.isTransaction
      return result
    }),
  )
  assert.ok(database.connection.isTransaction)
  assert.deepEqual(await Promise.all(answers), [1, 1, ['a', 'b']])
  assert.ok(!open, 'answered while a crash could still take it back')
})

test('a change that fails takes back itself, and nothing of what others change in its turn', async (t) => {
  const { database, notes } = scene(t)
  const fails = async () =>
    database.transaction(() => {
      database.run(INSERT, { id: 'half' })
      database.run(INSERT, { id: 'a' })
    })
  const [first, failed, last] = await Promise.allSettled([notes.write('a'), fails(), notes.write('c')])
  assert.deepEqual([first.status, failed.status, last.status], ['fulfilled', 'rejected', 'fulfilled'])
  assert.deepEqual(await notes.read(), ['a', 'c'])
})

test('where the disk takes no more, everybody whose change was lost with it hears so, and the next one counts', async (t) => {
  const { database, notes } = scene(t)
  const lost = notes.write('a')
  // As SQLite does when a write fails.
  database.connection.exec('rollback')
  await assert.rejects(lost, /no transaction is active/)
  const kept = notes.write('b')
  database.transaction(() => undefined)
  await kept
  assert.deepEqual(await notes.read(), ['b'])
})

test('a change after which nothing is left of the transaction fails with those before it', async (t) => {
  const { database, notes } = scene(t)
  const lost = notes.write('a')
  const breaks = () =>
    database.transaction(() => {
      database.connection.exec('rollback')
      throw new Error('disk full')
    })
  assert.throws(breaks, /disk full/)
  const kept = notes.write('b')
  await assert.rejects(lost, /disk full/)
  assert.equal(await kept, 1)
  assert.deepEqual(await notes.read(), ['b'])
})

test('a single statement that finds the disk full takes with it what came before in its turn, and nothing that follows', async (t) => {
  const { database, notes } = scene(t)
  const lost = notes.write('a')
  database.get('pragma max_page_count = 1')
  assert.throws(() => database.run(INSERT, { id: 'x'.repeat(100_000) }), /full/)
  const kept = notes.write('b')
  await assert.rejects(lost, /full/)
  assert.equal(await kept, 1)
  assert.deepEqual(await notes.read(), ['b'])
})

test('whoever follows hears once all that changed since is committed, and of every loss on the way', async (t) => {
  const { database } = scene(t)
  const write = (id: string) => database.transaction(() => database.run(INSERT, { id }))
  const settled = database.commits.follow()
  write('a')
  assert.ok(database.connection.isTransaction)
  await settled()
  assert.ok(!database.connection.isTransaction)

  const lost = database.commits.follow()
  write('b')
  database.connection.exec('rollback')
  await assert.rejects(lost(), /no transaction is active/)
  const early = database.commits.follow()
  write('c')
  await early()
  await assert.rejects(lost(), /no transaction is active/, 'what came later is no comfort')
})

test('what is durable was committed before', async (t) => {
  const { database, notes } = scene(t)
  const written = notes.write('a')
  await database.durable()
  assert.ok(!database.connection.isTransaction)
  await written
})

test('a database that is closed keeps what was just written', async (t) => {
  const { database, notes, path } = scene(t)
  const written = notes.write('a')
  database.close()
  await written
  const again = new Database(path)
  t.after(() => again.close())
  assert.equal(again.all('select id from notes').length, 1)
})

function scene(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-commits-'))
  const path = join(folder, 'store.sqlite')
  const database = new Database(path)
  t.after(() => {
    if (database.connection.isOpen) database.close()
    rmSync(folder, { recursive: true })
  })
  database.connection.exec('create table notes (id text primary key)')
  const notes = answeringOnceSettled(database.commits, {
    write: async (id: string) => database.transaction(() => database.run(INSERT, { id })),
    read: async () => database.all('select id from notes order by id').map(({ id }) => id),
  })
  return { database, notes, path }
}
