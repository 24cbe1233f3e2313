import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../../control/store-port.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { noUsage } from '../../../../protocol/usage.ts'
import { entry } from '../../../contract/store-audit.ts'
import { begin, call, container, draft, KEY, live, PAGE, ready } from '../../../contract/store-records.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { WatchedClient } from './watched-client.ts'

const GET = 'GetItem'
const PUT = 'PutItem'
const UPDATE = 'UpdateItem'
const QUERY = 'Query'
const BATCH = 'BatchGetItem'
const TRANSACT = 'TransactWriteItems'

const ERROR = { name: 'E', message: '' }
const REPORT = { ...noUsage(), sequence: 1, at: 0, calls: 1, durations: { 7: 1 }, waits: { 0: 1 } }
const DONE = { status: 'succeeded', result: { json: '1' }, at: 11 } as const

interface Row {
  work: (store: Store) => Promise<unknown>
  requests: string[]
  /** Of tables and indexes, for items of less than a kilobyte. */
  writeUnits: number
}

/** One after the other, on one app. */
const DEPLOY: Record<string, Row> = {
  'a version with an address': {
    work: (store) => store.beginVersion(draft(), new Map([['shop-page', 'page']]), undefined, entry('begun')),
    requests: [GET, TRANSACT],
    writeUnits: 12,
  },
  'its cutover': {
    work: (store) => store.cutOver(KEY, 1, 1, entry('live')),
    requests: [GET, TRANSACT],
    writeUnits: 7,
  },
  'the next version, with the same address': {
    work: (store) => store.beginVersion(draft(), new Map([['shop-page', 'page']]), undefined, entry('begun')),
    requests: [GET, TRANSACT],
    writeUnits: 9,
  },
  'a step': {
    work: (store) => store.recordStep(KEY, 2, { step: 'start', state: 'running', at: 'now' }),
    requests: [UPDATE],
    writeUnits: 1,
  },
  'the cutover from one to the other': {
    work: (store) => store.cutOver(KEY, 2, 2, entry('live-2')),
    requests: [GET, TRANSACT],
    writeUnits: 9,
  },
  'settling it': {
    work: (store) => store.settle(KEY, { version: 2, stagings: 0 }, ['shop-page']),
    requests: [GET, PUT],
    writeUnits: 1,
  },
  'settling it again': {
    work: (store) => store.settle(KEY, { version: 2, stagings: 0 }, ['shop-page']),
    requests: [GET],
    writeUnits: 0,
  },
  'the first look at a version': {
    work: (store) => store.version(KEY, 2),
    requests: [GET, BATCH],
    writeUnits: 0,
  },
  'every further look': { work: (store) => store.version(KEY, 2), requests: [GET], writeUnits: 0 },
  'versions on their way': { work: (store) => store.rollingVersions(KEY), requests: [GET], writeUnits: 0 },
}

const CONTAINER: Record<string, Row> = {
  'a place in the pool': {
    work: (store) => store.reserveContainer(container('a'), { expect: 0, max: 1 }),
    requests: [TRANSACT],
    writeUnits: 7,
  },
  'word that it is launched': {
    work: (store) => store.containerLaunched('a'),
    requests: [UPDATE],
    writeUnits: 1,
  },
  'word that it is ready': {
    work: (store) => store.containerReady('a', undefined, 3),
    requests: [UPDATE],
    writeUnits: 1,
  },
  'a heartbeat': { work: (store) => store.containerSeen('a', 0, 3), requests: [UPDATE], writeUnits: 1 },
  'a heartbeat with a report': {
    work: (store) => store.containerReported(container('a'), 0, 4, REPORT),
    requests: [TRANSACT],
    writeUnits: 6,
  },
  'the look at it': { work: (store) => store.container('a'), requests: [GET], writeUnits: 0 },
  'the containers of an app': {
    work: (store) => store.containers(KEY),
    requests: [QUERY, BATCH],
    writeUnits: 0,
  },
  'that it drains': {
    work: (store) => store.drainContainer('a', { deadline: 1, reason: 'test', at: 1 }),
    requests: [GET, TRANSACT],
    writeUnits: 6,
  },
  'that it has stopped': {
    work: (store) => store.containerStopped('a', 'exited', 4),
    requests: [GET, TRANSACT],
    writeUnits: 6,
  },
}

const CALL: Record<string, Row> = {
  'accepting a call': {
    work: (store) => store.acceptCall(call('c1', 1)),
    requests: [PUT, GET],
    writeUnits: 4,
  },
  'accepting one under a key': {
    work: (store) => store.acceptCall({ ...call('c2', 1), idempotencyKey: 'k' }),
    requests: [PUT, PUT, GET],
    writeUnits: 5,
  },
  'accepting one that another makes': {
    work: (store) => store.acceptCall({ ...call('c9', 1), parent: 'c1' }),
    requests: [PUT, GET],
    writeUnits: 5,
  },
  'the same again': {
    work: (store) => store.acceptCall({ ...call('c3', 1), idempotencyKey: 'k' }),
    requests: [PUT, UPDATE],
    writeUnits: 1,
  },
  'a claim': {
    work: async (store) => store.claimCall('c1', await known(store), 'lease', 10),
    requests: [GET, TRANSACT, GET, GET],
    writeUnits: 6,
  },
  'a claim that comes too late': {
    work: async (store) => store.claimCall('c1', await known(store), 'other', 10),
    requests: [GET, TRANSACT],
    writeUnits: 0,
  },
  'what a container holds': {
    work: (store) => store.runningCalls('b'),
    requests: [GET, BATCH],
    writeUnits: 0,
  },
  'what all containers of an app hold': {
    work: (store) => store.callsInFlight(['b', 'none']),
    requests: [BATCH, BATCH],
    writeUnits: 0,
  },
  'an outcome': {
    work: (store) => store.finishCall('c1', 'lease', DONE),
    requests: [UPDATE, UPDATE],
    writeUnits: 2,
  },
  'what a container holds that holds nothing': {
    work: (store) => store.runningCalls('b'),
    requests: [GET],
    writeUnits: 0,
  },
  'a call cancelled that waits': {
    work: (store) => store.cancelCall('c2', 9, ERROR),
    requests: [UPDATE],
    writeUnits: 3,
  },
  'a page of calls': { work: (store) => store.calls(KEY, {}, PAGE), requests: [QUERY, BATCH], writeUnits: 0 },
}

/** Those of a test's own rows know the container only by its id. */
async function known(store: Store) {
  return (await store.container('b')) ?? assert.fail()
}

async function assertCosts(
  rows: Record<string, Row>,
  prepare: (store: Store) => Promise<unknown>,
): Promise<void> {
  await using tables = await DynamoDbTables.create()
  const watched = new WatchedClient()
  const store = makeStore(tables.settings, watched.client)
  await prepare(store)
  const costs: Record<string, unknown> = {}
  for (const [what, { work }] of Object.entries(rows)) {
    const { requests, writeUnits } = await watched.costOf(() => work(store))
    costs[what] = { requests, writeUnits }
  }
  const expected = Object.entries(rows).map(([what, { requests, writeUnits }]) => [
    what,
    { requests, writeUnits },
  ])
  assert.deepEqual(costs, Object.fromEntries(expected))
}

test('a deploy costs what it changes', { skip: withoutDynamoDb }, () => assertCosts(DEPLOY, async () => {}))

test(
  'a container costs a dozen writes in its life, one with each heartbeat, and three with a report',
  { skip: withoutDynamoDb },
  () => assertCosts(CONTAINER, begin),
)

test(
  'a call costs a dozen writes in its life, and no transaction but the one that gives it away',
  { skip: withoutDynamoDb },
  () =>
    assertCosts(CALL, async (store) => {
      await live(store)
      await ready(store, 'b', 1)
    }),
)
