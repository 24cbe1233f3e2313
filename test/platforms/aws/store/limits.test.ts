import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { VersionDraft } from '../../../../control/model.ts'
import type { Store } from '../../../../control/store-port.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { begin, call, draft, KEY, live, PAGE, ready } from '../../../contract/store-records.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'

const skip = withoutDynamoDb
const WEEK_SECONDS = 7 * 86_400
const PER_BATCH = 25

async function make(
  t: TestContext,
): Promise<{ store: Store; tables: DynamoDbTables; documents: DynamoDBDocumentClient }> {
  const tables = await DynamoDbTables.create()
  const client = new DynamoDBClient({})
  t.after(async () => {
    client.destroy()
    await tables[Symbol.asyncDispose]()
  })
  return { store: makeStore(tables.settings), tables, documents: DynamoDBDocumentClient.from(client) }
}

/** A version with so many files, of which each weighs its hash. */
function withFiles(count: number): VersionDraft {
  const of = draft()
  const files = Array.from({ length: count }, (_, i) => ({
    path: `${i}`,
    sha256: createHash('sha256').update(`${i}`).digest('hex'),
    size: i,
  }))
  const { work } = of.manifest.functions
  assert.ok(work)
  const mounted = { ...work, mounts: [{ at: '/files', source: 'files', files }] }
  return { ...of, manifest: { ...of.manifest, functions: { work: mounted } } }
}

async function putAll(documents: DynamoDBDocumentClient, TableName: string, items: object[]): Promise<void> {
  for (let from = 0; from < items.length; from += PER_BATCH) {
    const requests = items.slice(from, from + PER_BATCH).map((Item) => ({ PutRequest: { Item } }))
    await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }))
  }
}

const labels = (count: number): Map<string, string> =>
  new Map(Array.from({ length: count }, (_, i) => [`label-${i}`, `page-${i}`]))

test('a manifest of eight thousand files is kept', { skip }, async (t) => {
  const { store } = await make(t)
  const large = withFiles(8000)
  await begin(store, large)
  await store.cutOver(KEY, 1, 1)
  assert.deepEqual((await store.version(KEY, 1))?.manifest, large.manifest)
})

test('one that does not fit is refused, with what to do, and no number is given out for it', {
  skip,
}, async (t) => {
  const { store } = await make(t)
  const refusal = { code: 'invalid_manifest', message: /\d+ KB when compressed.*Mount fewer files/ }
  await assert.rejects(store.beginVersion(withFiles(12_000), new Map()), refusal)
  assert.equal(await store.app(KEY), undefined)
})

test('an app has as many addresses as fit one transaction, and is stopped with all of them', {
  skip,
}, async (t) => {
  const { store } = await make(t)
  await assert.rejects(store.beginVersion(draft(), labels(91)), {
    code: 'invalid_manifest',
    message: /91 web addresses/,
  })
  for (let i = 0; i < 20; i++) await store.beginVersion(draft(), labels(90))
  assert.equal((await store.label('label-89'))?.function, 'page-89')
  const stop = { at: 5, deadline: 9, by: 'ann', reason: undefined }
  assert.equal((await store.beginStop(KEY, stop))?.state, 'stopping')
  assert.equal(await store.label('label-89'), undefined)
  assert.deepEqual(await store.rollingVersions(KEY), [])
})

test('what has ended is on no list of what wants something, and is forgotten a week later', {
  skip,
}, async (t) => {
  const { store, tables, documents } = await make(t)
  await live(store)
  const by = await ready(store, 'a', 1)
  await store.acceptCall({ ...call('c', 1), source: 'schedule' })
  const { callsTable, containersTable } = tables.settings
  const item = async (TableName: string, id: string) =>
    (await documents.send(new GetCommand({ TableName, Key: { id } }))).Item ?? {}
  const isListed = async () => {
    const { pendingIn, dueIn, scheduledIn } = await item(callsTable, 'c')
    const { presence } = await item(containersTable, 'a')
    return [pendingIn, dueIn, scheduledIn, presence].map(Boolean)
  }
  assert.deepEqual(await isListed(), [true, true, true, true])
  await store.claimCall('c', by, 'lease', 10)
  assert.deepEqual(await isListed(), [false, false, true, true])
  const at = 1_800_000_000_000
  await store.finishCall('c', 'lease', { status: 'succeeded', at })
  await store.containerStopped('a', 'exited', at)
  assert.deepEqual(await isListed(), [false, false, false, false])
  const inAWeek = at / 1000 + WEEK_SECONDS
  assert.equal((await item(callsTable, 'c')).expiresAt, inAWeek)
  assert.equal((await item(containersTable, 'a')).expiresAt, inAWeek)
})

test('requests that nobody has said to wait for a while do not wait any more', { skip }, async (t) => {
  const { store } = await make(t)
  await live(store)
  await store.setWaiting({ ...KEY, function: 'page' }, 3)
  const waiting = async (at: number) => (await store.demand(KEY, at)).map((demand) => demand.waiting)
  assert.deepEqual(await waiting(Date.now() + 60_000), [3])
  assert.deepEqual(await waiting(Date.now() + 180_000), [])
})

test('of very many waiting calls enough are counted, and those of other functions not forgotten', {
  skip,
}, async (t) => {
  const { store, tables, documents } = await make(t)
  await live(store)
  await store.acceptCall(call('c', 1))
  const TableName = tables.settings.callsTable
  const { Item = {} } = await documents.send(new GetCommand({ TableName, Key: { id: 'c' } }))
  const copies = Array.from({ length: 1100 }, (_, i) => {
    const id = `c-${String(i).padStart(4, '0')}`
    return { ...Item, id, place: `${Item.place}-${id}` }
  })
  await putAll(documents, TableName, copies)
  await store.acceptCall({ ...call('x', 1), function: 'work-too' })
  await store.acceptCall({ ...call('y', 1), function: 'work-too', createdAt: 50 })
  await store.acceptCall({ ...call('z', 1), function: 'work-too', createdAt: 40 })
  const nothing = { running: 0, waiting: 0 }
  assert.deepEqual(await store.demand(KEY, 10), [
    { function: 'work', pending: 1000, ...nothing },
    { function: 'work-too', pending: 1, ...nothing, nextDueAt: 40 },
  ])

  const first = await store.calls(KEY, { status: 'succeeded' }, PAGE)
  assert.deepEqual(first.items, [])
  assert.ok(first.cursor, 'only so many are looked at for one page')
  assert.deepEqual(await store.calls(KEY, { status: 'succeeded' }, { ...PAGE, cursor: first.cursor }), {
    items: [],
  })
})

test('of very many containers few are looked at for one page, and none is left out of all pages', {
  skip,
}, async (t) => {
  const { store, tables, documents } = await make(t)
  await ready(store, 'a-first', 2)
  await ready(store, 'b', 1)
  const TableName = tables.settings.containersTable
  const { Item = {} } = await documents.send(new GetCommand({ TableName, Key: { id: 'b' } }))
  const copies = Array.from({ length: 1100 }, (_, i) => {
    const id = `b-${String(i).padStart(4, '0')}`
    return { ...Item, id, place: `${Item.place}${id.slice(1)}` }
  })
  await putAll(documents, TableName, copies)
  const first = await store.containersPage(KEY, { version: 2 }, PAGE)
  assert.deepEqual(first.items, [])
  const second = await store.containersPage(KEY, { version: 2 }, { ...PAGE, cursor: first.cursor })
  assert.deepEqual(
    second.items.map(({ id }) => id),
    ['a-first'],
  )
  const seen: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await store.containersPage(KEY, { all: true }, { limit: 150, cursor })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.cursor
    if (cursor === undefined) break
  }
  assert.deepEqual(seen, [...copies.map(({ id }) => id).reverse(), 'b', 'a-first'])
})
