import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  ProvisionedThroughputExceededException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import type { Store } from '../../../../control/store-port.ts'
import { makeStore } from '../../../../platforms/aws/store/store.ts'
import { begin, call, container, draft, KEY, live, PAGE } from '../../../contract/store-records.ts'
import { DynamoDbTables, withoutDynamoDb } from '../dynamodb-tables.ts'
import { type Fault, type Request, WatchedClient } from './watched-client.ts'

const skip = withoutDynamoDb
const said = { $metadata: {}, message: 'injected' }

const throttled = (): Error => new ProvisionedThroughputExceededException(said)
const throttledAccount = (): Error => new ThrottlingException(said)

/** A request meets a transaction on its item: a single write in one way, a transaction in another. */
function conflict({ name }: Request): Error | undefined {
  if (name === 'TransactWriteItems') return cancelled('TransactionConflict')
  return /Put|Update|Delete/.test(name) ? new TransactionConflictException(said) : undefined
}

const cancelled = (Code: string): Error =>
  new TransactionCanceledException({ ...said, CancellationReasons: [{ Code: 'None' }, { Code }] })

/** Refuses two attempts of three at each request, whatever else is asked meanwhile. */
function often(error: (request: Request) => Error | undefined): Fault {
  const attempts = new Map<string, number>()
  return async (request, send) => {
    // A request that is made anew has another token, and is the same for all that.
    const asked = JSON.stringify({ ...request.input, ClientRequestToken: undefined })
    const attempt = (attempts.get(asked) ?? 0) + 1
    attempts.set(asked, attempt)
    const fault = error(request)
    if (fault && attempt % 3 !== 0) throw fault
    return send()
  }
}

const always =
  (error: (request: Request) => Error | undefined): Fault =>
  async (request, send) => {
    const fault = error(request)
    if (fault) throw fault
    return send()
  }

/** A store whose pauses between two tries are as short as chance allows. */
async function makeHasty(t: TestContext): Promise<{ store: Store; watched: WatchedClient }> {
  t.mock.method(Math, 'random', () => 0)
  const tables = await DynamoDbTables.create()
  t.after(() => tables[Symbol.asyncDispose]())
  const watched = new WatchedClient()
  return { store: makeStore(tables.settings, watched.client), watched }
}

/** From a deploy to the end of two calls: what is there afterwards. */
async function story(store: Store): Promise<unknown> {
  await live(store)
  await store.reserveContainer(container('a'), { expect: 0, max: 1 })
  const by = (await store.containerReady('a', undefined, 2)) ?? assert.fail()
  const accepted = await Promise.all([
    store.acceptCall(call('c1', 1)),
    store.acceptCall({ ...call('c2', 1), idempotencyKey: 'k' }),
  ])
  assert.deepEqual(
    accepted.map(({ kind }) => kind),
    ['accepted', 'accepted'],
  )
  for (const id of ['c1', 'c2']) assert.ok(await store.claimCall(id, by, id, 10), id)
  assert.equal(await store.finishCall('c1', 'c1', { status: 'succeeded', at: 11 }), true)
  const error = { name: 'Lost', message: '' }
  assert.equal(await store.releaseCall('c2', 'c2', { availableAt: 12, failed: false, error, at: 12 }), true)
  await store.drainContainer('a', { deadline: 1, reason: 'test', at: 1 })
  const { items } = await store.calls(KEY, {}, PAGE)
  return [items.map(({ id, status }) => [id, status]), await store.app(KEY), await store.containers(KEY)]
}

for (const [what, error] of Object.entries({ throttled, throttledAccount, conflict })) {
  test(`nothing is lost or done twice where two of three attempts are refused: ${what}`, {
    skip,
  }, async (t) => {
    const calm = await makeHasty(t)
    const hindered = await makeHasty(t)
    hindered.watched.onAttempt = often(error)
    assert.deepEqual(await story(hindered.store), await story(calm.store))
  })
}

test('nothing is done twice where the answers to two of three attempts are lost', { skip }, async (t) => {
  const calm = await makeHasty(t)
  const hindered = await makeHasty(t)
  let attempts = 0
  hindered.watched.onAttempt = async (_, send) => {
    const answer = await send()
    if (++attempts % 3 !== 0) throw Object.assign(new Error('injected'), { name: 'TimeoutError' })
    return answer
  }
  assert.deepEqual(await story(hindered.store), await story(calm.store))
})

for (const [what, error] of Object.entries({ throttled, throttledAccount, conflict })) {
  test(`whoever asks hears of it, and nothing has happened, where each attempt is refused: ${what}`, {
    skip,
  }, async (t) => {
    const { store, watched } = await makeHasty(t)
    await live(store)
    const before = await store.app(KEY)
    watched.onAttempt = always(error)
    const refusal = { name: 'SluiceError', code: 'unavailable', message: /Try again/ }
    await assert.rejects(store.acceptCall(call('c', 1)), refusal)
    await assert.rejects(store.beginVersion(draft(), new Map()), refusal)
    watched.onAttempt = (_, send) => send()
    assert.deepEqual(await store.app(KEY), before)
    assert.deepEqual((await store.calls(KEY, {}, PAGE)).items, [])
    assert.equal((await store.acceptCall(call('c', 1))).kind, 'accepted')
  })
}

test('a transaction that wants room is tried again like one that meets another', { skip }, async (t) => {
  const { store, watched } = await makeHasty(t)
  for (const code of ['ThrottlingError', 'ProvisionedThroughputExceeded']) {
    watched.onAttempt = often(({ name }) => (name === 'TransactWriteItems' ? cancelled(code) : undefined))
    await begin(store)
  }
  assert.equal((await store.app(KEY))?.lastVersion, 2)
})

test('what a batch leaves out is asked for again', { skip }, async (t) => {
  const { store, watched } = await makeHasty(t)
  await live(store)
  for (let i = 0; i < 10; i++) await store.acceptCall(call(`c${i}`, 1))
  let asked = 0
  watched.onRequest = async ({ name, input }, send) => {
    const [[table = '', { Keys = [] } = {}] = []] = Object.entries((input.RequestItems ?? {}) as Batch)
    if (name !== 'BatchGetItem' || Keys.length < 2) return send()
    asked++
    const { output, ...rest } = (await send()) as { output: { Responses: Record<string, { id: string }[]> } }
    const [first] = output.Responses[table] ?? []
    const left = Keys.filter(({ id }) => id !== first?.id)
    const UnprocessedKeys = { [table]: { Keys: left, ConsistentRead: true } }
    return { ...rest, output: { ...output, Responses: { [table]: [first] }, UnprocessedKeys } }
  }
  assert.equal((await store.calls(KEY, {}, PAGE)).items.length, 10)
  assert.equal(asked, 9)
  watched.onRequest = async ({ name, input }, send) => {
    const answer = (await send()) as { output: object }
    return name === 'BatchGetItem'
      ? { ...answer, output: { Responses: {}, UnprocessedKeys: input.RequestItems } }
      : answer
  }
  await assert.rejects(store.calls(KEY, {}, PAGE), { code: 'unavailable' })
})

type Batch = Record<string, { Keys: { id: string }[] }>
