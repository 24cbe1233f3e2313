import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Store } from '../../../../control/store-port.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { begin, call, container, KEY, live, PAGE, ready } from '../../../contract/store-records.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { type Request, WatchedClient } from './watched-client.ts'

const skip = withoutDynamoDb
const STOP = { at: 5, deadline: 9, by: 'ann', reason: undefined }

/** Two processes on the same tables, of which the first one's requests are watched. */
async function makeTwo(t: TestContext): Promise<{ one: Store; other: Store; watched: WatchedClient }> {
  const tables = await DynamoDbTables.create()
  t.after(() => tables[Symbol.asyncDispose]())
  const watched = new WatchedClient()
  return { one: makeStore(tables.settings, watched.client), other: makeStore(tables.settings), watched }
}

/** Has something else happen just before the first such request. */
function before(
  watched: WatchedClient,
  isIt: (request: Request) => boolean,
  happen: () => Promise<unknown>,
): void {
  let hasHappened = false
  watched.onRequest = async (request, send) => {
    if (!hasHappened && isIt(request)) {
      hasHappened = true
      await happen()
    }
    return send()
  }
}

const looksAtApp = ({ name, input }: Request): boolean =>
  name === 'GetItem' && /-apps$/.test(String(input.TableName))

test('a call that was claimed is given back if its version is overtaken before it is given', {
  skip,
}, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const by = await ready(one, 'a', 1)
  await one.acceptCall(call('c', 1))
  const waiting = await one.call('c')
  before(watched, looksAtApp, () => live(other))
  assert.equal(await one.claimCall('c', by, 'lease', 10), undefined)
  assert.deepEqual(await one.call('c'), waiting)
  assert.deepEqual(await one.runningCalls('a'), [])
  assert.deepEqual((await one.pendingCalls(KEY, 'work', undefined, 10)).length, 1)
})

test('a container that begins to drain while it claims gets nothing', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const by = await ready(one, 'a', 1)
  await one.acceptCall(call('c', 1))
  before(
    watched,
    ({ name }) => name === 'TransactWriteItems',
    () => other.drainContainer('a', { deadline: 1, reason: 'test', at: 1 }),
  )
  assert.equal(await one.claimCall('c', by, 'lease', 10), undefined)
  assert.equal((await one.call('c'))?.status, 'pending')
})

test('a call that comes in while its app is stopped is not accepted, and not there', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  before(
    watched,
    ({ name }) => name === 'PutItem',
    () => other.beginStop(KEY, STOP),
  )
  assert.deepEqual(await one.acceptCall(call('c', 1)), { kind: 'moved' })
  assert.equal(await one.call('c'), undefined)
})

test('a call that somebody has been told of stays, though its version was overtaken', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const asked = { ...call('c', 1), idempotencyKey: 'k' }
  const told: unknown[] = []
  before(watched, looksAtApp, async () => {
    await live(other)
    told.push(await other.acceptCall({ ...asked, id: 'd' }))
  })
  told.push(await one.acceptCall(asked))
  const there = await one.call('c')
  assert.deepEqual(told, [
    { kind: 'duplicate', call: there },
    { kind: 'accepted', call: there },
  ])
  assert.equal((await one.calls(KEY, {}, PAGE)).items.length, 1)
})

test('a call that was begun before it was taken away counts as accepted', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  before(watched, looksAtApp, async () => {
    await live(other)
    const by = await ready(other, 'a', 2)
    assert.ok(await other.claimCall('c', by, 'lease', 10))
  })
  const accepted = await one.acceptCall(call('c', 1))
  assert.deepEqual(accepted, { kind: 'accepted', call: await one.call('c') })
})

test('what ended is struck off, but not what was given anew meanwhile', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const by = await ready(one, 'a', 1)
  await one.acceptCall(call('c', 1))
  await one.claimCall('c', by, 'first', 10)
  const error = { name: 'E', message: '' }
  // A process that dies between the end of a call and the container's note leaves the note behind.
  watched.onRequest = async ({ input }, send) => {
    if (/-containers$/.test(String(input.TableName))) throw new Error('died')
    return send()
  }
  await assert.rejects(one.cancelCall('c', 11, error))
  await one.acceptCall(call('d', 1))
  before(
    watched,
    ({ name }) => name === 'UpdateItem',
    () => other.claimCall('d', by, 'second', 12),
  )
  assert.deepEqual(await one.runningCalls('a'), [])
  assert.deepEqual(
    (await one.runningCalls('a')).map(({ id }) => id),
    ['d'],
  )
  assert.equal((await one.container('a'))?.running, 1)
})

test('what comes back to a container while it is looked through stays with it', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const by = await ready(one, 'a', 1)
  await one.acceptCall(call('c', 1))
  await one.claimCall('c', by, 'first', 10)
  const again = { availableAt: 11, failed: false, error: { name: 'E', message: '' }, at: 11 }
  watched.onRequest = async ({ name }, send) => {
    if (name === 'BatchGetItem') await other.releaseCall('c', 'first', again)
    if (name === 'UpdateItem') await other.claimCall('c', by, 'second', 12)
    return send()
  }
  await one.runningCalls('a')
  watched.onRequest = (_, send) => send()
  assert.deepEqual(
    (await one.runningCalls('a')).map(({ lease }) => lease),
    ['second'],
  )
})

test('what an index says late is not believed', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await live(one)
  const by = await ready(one, 'a', 1)
  for (const id of ['c1', 'c2']) await one.acceptCall({ ...call(id, 1), source: 'schedule' })
  await one.reserveContainer(container('b'), { expect: 1, max: 2 })

  const shown = new Map<string, unknown>()
  let isLate = false
  watched.onRequest = async ({ name, input }, send) => {
    if (name !== 'Query' || input.IndexName === undefined) return send()
    const asked = JSON.stringify(input)
    if (!isLate) shown.set(asked, await send())
    return shown.get(asked) ?? send()
  }
  const look = async () => ({
    waiting: (await one.pendingCalls(KEY, 'work', undefined, 10)).map(({ id }) => id),
    overdue: (await one.overdueCalls(99, 10)).map(({ id }) => id),
    running: (await one.runningCalls('a')).map(({ id }) => id),
    containers: (await one.containers(KEY)).map(({ id }) => id),
    silent: (await one.silentContainers(99)).silent.map(({ id }) => id).sort(),
    scheduled: await one.hasActiveScheduledCall(KEY, 'work'),
  })
  assert.deepEqual(await look(), {
    waiting: ['c1', 'c2'],
    overdue: ['c1', 'c2'],
    running: [],
    containers: ['b', 'a'],
    silent: ['a', 'b'],
    scheduled: true,
  })
  isLate = true
  await other.claimCall('c1', by, 'lease', 10)
  await other.cancelCall('c2', 10, { name: 'E', message: '' })
  await other.containerStopped('b', 'exited', 10)
  assert.deepEqual(await look(), {
    waiting: [],
    overdue: [],
    running: ['c1'],
    containers: ['a'],
    silent: ['a'],
    scheduled: true,
  })
  await other.finishCall('c1', 'lease', { status: 'succeeded', at: 11 })
  assert.equal((await look()).scheduled, false)
})

test('a deploy that begins while another one goes live, or is settled, is not forgotten', {
  skip,
}, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await begin(one)
  const isWrite = ({ name }: Request): boolean => /^(TransactWriteItems|PutItem)$/.test(name)
  before(watched, isWrite, () => begin(other))
  assert.equal(await one.cutOver(KEY, 1, 5), true)
  const rolling = async () => (await one.rollingVersions(KEY)).map(({ version }) => version)
  assert.deepEqual([await rolling(), (await one.app(KEY))?.lastVersion], [[2], 2])
  await one.cutOver(KEY, 2, 6)
  before(watched, isWrite, () => begin(other))
  await one.settle(KEY, { version: 2, stagings: 0 }, [])
  assert.deepEqual([await rolling(), (await one.app(KEY))?.settledVersion], [[3], undefined])
})

test('a version that goes live while it is looked for is not on its way', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  for (const _ of [1, 2]) await begin(one)
  before(
    watched,
    ({ name }) => name === 'BatchGetItem',
    () => other.cutOver(KEY, 1, 5),
  )
  const rolling = await one.rollingVersions(KEY)
  assert.deepEqual(
    rolling.map(({ version }) => version),
    [2],
  )
})

test('a rollout that goes live and is given up at once comes to one of both', { skip }, async (t) => {
  const { one, other, watched } = await makeTwo(t)
  await begin(one)
  before(
    watched,
    ({ name }) => name === 'TransactWriteItems',
    () => other.endRollout(KEY, 1, { status: 'failed' }),
  )
  assert.equal(await one.cutOver(KEY, 1, 5), false)
  assert.equal((await one.version(KEY, 1))?.status, 'failed')
  assert.equal((await one.app(KEY))?.liveVersion, undefined)
})
