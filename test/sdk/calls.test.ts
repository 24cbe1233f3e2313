import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { INLINE_PAYLOAD_BYTES } from '../../protocol/limits.ts'
import {
  App,
  CancelledError,
  Client,
  Function as Deployed,
  FunctionCall,
  HttpError,
  RemoteError,
  TimeoutError,
} from '../../sdk/index.ts'
import { type Answers, callView, problem, startPeer } from './peer.ts'

type Greet = (name: string) => Promise<{ greeting: string }>

/** A peer, and the function `demo.greet` as a caller knows it. */
async function setUp(answers: Answers, options: { env?: string; version?: number } = {}) {
  const peer = await startPeer(answers)
  const client = new Client({ url: peer.url, token: 'secret' })
  return { peer, client, greet: Deployed.fromName<Greet>('demo', 'greet', { client, ...options }) }
}

test('a call carries arguments, environment, version, token and a key, and returns the result', async () => {
  let token: string | undefined
  const { peer, greet } = await setUp(
    {
      call: (asked) => {
        token = asked.token
        return callView({ status: 'succeeded', result: { greeting: 'hi' } })
      },
    },
    { env: 'staging', version: 7 },
  )
  await using _ = peer
  const { greeting } = await greet.remote('ada')
  assert.equal(greeting, 'hi')
  assert.equal(token, 'secret')
  const [{ params, query, body } = assert.fail()] = peer.requests
  assert.deepEqual(params, { app: 'demo', function: 'greet' })
  assert.deepEqual(query, { env: 'staging' })
  const { idempotencyKey, ...rest } = body as { idempotencyKey: string }
  assert.deepEqual(rest, { args: ['ada'], wait: 25, version: 7 })
  assert.match(idempotencyKey, /^[0-9a-f-]{36}$/)
})

test('a call that takes longer than one answer is asked for until it ends', async () => {
  const statuses = ['pending', 'running', 'succeeded'] as const
  let asked = 0
  const { peer, greet } = await setUp({
    call: () => callView(),
    getCall: () => callView({ status: statuses[asked++] ?? 'failed', result: { greeting: 'at last' } }),
  })
  await using _ = peer
  assert.deepEqual(await greet.remote('ada'), { greeting: 'at last' })
  assert.equal(asked, 3)
})

test('the author’s error comes back with its name, message and stack', async () => {
  const error = {
    name: 'RangeError',
    message: 'too far',
    stack: 'RangeError: too far\n    at walk (app.ts:3:9)',
  }
  const { peer, greet } = await setUp({ call: () => callView({ status: 'failed', error }) })
  await using _ = peer
  await assert.rejects(greet.remote('ada'), (thrown: unknown) => {
    assert.ok(thrown instanceof RemoteError)
    assert.equal(thrown.name, 'RangeError')
    assert.equal(thrown.message, 'too far')
    assert.match(thrown.stack ?? '', /at walk \(app\.ts:3:9\)\n {4}at remote call ca-1$/)
    assert.equal(thrown.status, 'failed')
    return true
  })
})

test('a cancelled call, an impatient caller and a refusal are errors of their own', async () => {
  const { peer, client, greet } = await setUp({
    call: () =>
      callView({ status: 'cancelled', error: { name: 'Cancelled', message: 'The app was stopped.' } }),
    getCall: () => callView({ status: 'running' }),
    cancelCall: () => callView({ status: 'cancelled' }),
  })
  await using _ = peer
  await assert.rejects(greet.remote('ada'), (error: Error) => {
    assert.ok(error instanceof CancelledError)
    assert.equal(error.message, 'The app was stopped.')
    return true
  })
  const handle = FunctionCall.fromId('ca-9', { client })
  await assert.rejects(handle.get({ timeout: 0 }), (error: Error) => {
    assert.ok(error instanceof TimeoutError)
    assert.match(error.message, /ca-9 has not ended within 0 s/)
    return true
  })
  await handle.cancel()
  assert.equal(peer.requests.at(-1)?.params.id, 'ca-9')

  const refusing = await setUp({
    call: () => {
      throw problem('function_not_found', 'demo has no function "greet". Did you mean "greets"?')
    },
  })
  await using _refusing = refusing.peer
  await assert.rejects(refusing.greet.remote('ada'), (error: unknown) => {
    assert.ok(error instanceof HttpError)
    assert.equal(error.code, 'function_not_found')
    return true
  })
  assert.equal(refusing.peer.requests.length, 1)
})

test('a caller survives a restart of the control plane, and its call is made once', async () => {
  const keys = new Set<string | undefined>()
  const { peer, greet } = await setUp({
    call: async ({ body }, response) => {
      keys.add(body.idempotencyKey)
      if (keys.size === 1 && peer.requests.length === 1) {
        response.destroy()
        await peer.stop()
        // Away for longer than the first pause, so that a connection is refused as well.
        setTimeout(() => peer.start(), 150)
        return undefined
      }
      if (peer.requests.length === 2) throw problem('internal', 'still waking up')
      return callView({ status: 'succeeded', result: { greeting: 'again' } })
    },
  })
  await using _ = peer
  assert.deepEqual(await greet.remote('ada'), { greeting: 'again' })
  assert.equal(peer.requests.length, 3)
  assert.equal(keys.size, 1)
})

test('arguments and results that are too large for a request travel as blobs', async () => {
  const large = 'ä'.repeat(INLINE_PAYLOAD_BYTES)
  const { peer, greet } = await setUp({
    call: ({ body }) => {
      const args = peer.blobs.get(body.argsBlob ?? '')?.toString() ?? '[]'
      peer.blobs.set('result', Buffer.from(JSON.stringify({ greeting: JSON.parse(args)[0] })))
      return callView({ status: 'succeeded', resultUrl: `${peer.url}/blobs/result` })
    },
  })
  await using _ = peer
  assert.equal((await greet.remote(large)).greeting, large)
  const json = JSON.stringify([large])
  assert.ok(peer.blobs.has(createHash('sha256').update(json).digest('hex')))
})

test('arguments that are no JSON are refused before anything is sent', async () => {
  const { peer, client } = await setUp({})
  await using _ = peer
  const count = Deployed.fromName<(n: bigint) => void>('demo', 'count', { client })
  await assert.rejects(count.remote(1n), /The arguments cannot be sent as JSON/)
  assert.equal(peer.requests.length, 0)
})

test('map keeps the order, however the calls end', async () => {
  const ended: string[] = []
  const pairs = Array.from({ length: 100 }, () => Promise.withResolvers<void>())
  const { peer, greet } = await setUp({
    call: ({ body }) => callView({ id: `ca-${body.args?.[0]}` }),
    getCall: async ({ params: { id = '' } }) => {
      // Of two that were made one after the other, the later one ends first.
      const index = Number(id.slice(3))
      const pair = pairs[Math.floor(index / 2)]
      if (index % 2 === 0) await pair?.promise
      ended.push(id)
      pair?.resolve()
      return callView({ id, status: 'succeeded', result: { greeting: id } })
    },
  })
  await using _ = peer
  const names = Array.from({ length: 200 }, (_, index) => String(index))
  const results = await greet.map(names)
  assert.deepEqual(
    results.map(({ greeting }) => greeting),
    names.map((name) => `ca-${name}`),
  )
  assert.ok(ended.indexOf('ca-1') < ended.indexOf('ca-0'))
})

test('map takes no more items than it has room for, and ends with the first failure', async () => {
  let open = 0
  let most = 0
  const room = Promise.withResolvers<void>()
  const error = { name: 'Error', message: 'no such name' }
  const { peer, greet } = await setUp({
    call: async ({ body }) => {
      most = Math.max(most, ++open)
      if (open === 4) room.resolve()
      await room.promise
      // Time for a fifth to come.
      for (let turns = 0; turns < 20; turns++) await turn()
      open--
      return callView({ id: `ca-${body.args?.[0]}` })
    },
    getCall: ({ params: { id = '' } }) =>
      id === 'ca-3'
        ? callView({ id, status: 'failed', error })
        : callView({ id, status: 'succeeded', result: 1 }),
  })
  await using _ = peer
  async function* names() {
    for (let name = 0; name < 20; name++) yield String(name)
  }
  await assert.rejects(greet.map(names(), { concurrency: 4 }), /no such name/)
  assert.equal(most, 4)
  const results = await greet.map(names(), { returnErrors: true })
  assert.deepEqual(
    results.map((result) => result instanceof RemoteError),
    Array.from({ length: 20 }, (_, index) => index === 3),
  )
})

test('types flow from the handler to the caller', async () => {
  const app = new App('demo')
  const measure = app.function(async (text: string, unit?: 'cm') => ({ length: text.length, unit }))
  const typecheck = async () => {
    const one: { length: number } = await measure.remote('a', 'cm')
    const many: { length: number }[] = await measure.map(['a'])
    const handle: FunctionCall<{ length: number; unit: 'cm' | undefined }> = await measure.spawn('a')
    const named: { length: number } = await Deployed.fromName<typeof measure>('demo', 'measure').remote('a')
    // @ts-expect-error the handler takes a string
    await measure.remote(1)
    // @ts-expect-error so does the function that is looked up by its type
    await Deployed.fromName<typeof measure>('demo', 'measure').remote(1)
    // @ts-expect-error there is no such option
    app.function({ cpus: 1 }, () => 1)
    return [one, many, handle, named]
  }
  assert.equal(typeof typecheck, 'function')
})
