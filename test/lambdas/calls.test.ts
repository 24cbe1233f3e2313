import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueToken } from '../../control/tokens.ts'
import { INLINE_PAYLOAD_BYTES } from '../../protocol/limits.ts'
import { deployApp } from './apps.ts'
import { refuse, send } from './client.ts'
import { type Installation, install } from './installation.ts'

const params = { app: 'shop', function: 'work' }

let installation: Installation
/** The token of a container that runs `work`. */
let worker: string
before(async () => {
  installation = await install()
  const version = await deployApp(installation, 'shop', { work: {}, site: { kind: 'web' } })
  worker = await installation.container({ version })
})
after(async () => {
  assert.deepEqual(installation.failures, [])
  await installation.close()
})

/** The id of that container. */
const ownId = (): string | undefined => worker.split('_')[1]

/** Takes the next input as the container would, which asks again until there is one. */
async function takeInput() {
  for (;;) {
    const { body } = await send(installation, 'next', { token: worker, body: { completed: [], free: 1 } })
    const [input] = body.inputs
    if (input) return input
  }
}

/** Reports how the input ended. */
async function finish(input: { callId: string; lease: string }, outcome: object) {
  const completed = [{ callId: input.callId, lease: input.lease, outcome }]
  await send(installation, 'next', { token: worker, body: { completed, free: 0 } })
}

test('a call that nobody waits for is accepted, and later tells its result', async () => {
  const accepted = await send(installation, 'call', { params, body: { args: [1, 'two'] } })
  assert.deepEqual([accepted.status, accepted.body.status], [202, 'pending'])
  const input = await takeInput()
  assert.deepEqual(input.args, { json: '[1,"two"]' })
  await finish(input, { status: 'succeeded', result: { json: '{"sum":3}' } })
  const { body } = await send(installation, 'getCall', { params: { id: accepted.body.id } })
  assert.deepEqual([body.status, body.result, body.version, body.attempts], ['succeeded', { sum: 3 }, 1, 1])
})

test('a call that is waited for is answered as soon as it has ended', async () => {
  const waiting = send(installation, 'call', { params, body: { args: [], wait: 20 } })
  await finish(await takeInput(), { status: 'succeeded', result: { json: '42' } })
  const { status, body } = await waiting
  assert.deepEqual([status, body.status, body.result], [200, 'succeeded', 42])
})

test('a wait that is too short answers the call as it is', async () => {
  const { status, body } = await send(installation, 'call', { params, body: { args: [], wait: 0.05 } })
  assert.deepEqual([status, body.status], [202, 'pending'])
  const later = send(installation, 'getCall', { params: { id: body.id }, query: { wait: 20 } })
  await finish(await takeInput(), {
    status: 'failed',
    error: { name: 'TypeError', message: 'no', stack: 'at app.ts:3' },
  })
  const ended = (await later).body
  assert.equal(ended.status, 'failed')
  assert.deepEqual(ended.error, { name: 'TypeError', message: 'no', stack: 'at app.ts:3' })
})

test('arguments that are too large for a record travel as a blob', async () => {
  const text = 'x'.repeat(INLINE_PAYLOAD_BYTES)
  const accepted = await send(installation, 'call', { params, body: { args: [text] } })
  const input = await takeInput()
  assert.ok('url' in input.args, 'the container is told where to fetch them')
  await finish(input, { status: 'succeeded', result: { json: 'null' } })
  assert.equal((await installation.ports.store.call(accepted.body.id))?.status, 'succeeded')
})

test('arguments that were uploaded before are called by their hash', async () => {
  const argsBlob = await installation.ports.blobs.put(Buffer.from('["far"]'))
  await send(installation, 'call', { params, body: { argsBlob } })
  const input = await takeInput()
  assert.match('url' in input.args ? input.args.url : '', new RegExp(argsBlob))
  await finish(input, { status: 'succeeded', result: { json: 'null' } })
  const problem = await refuse(installation, 'call', { params, body: { argsBlob: 'e'.repeat(64) } })
  assert.deepEqual([problem.status, problem.code], [409, 'blob_missing'])
})

test('a result that is a blob is told by where to fetch it', async () => {
  const blob = await installation.ports.blobs.put(Buffer.from('"large"'))
  const waiting = send(installation, 'call', { params, body: { args: [], wait: 20 } })
  await finish(await takeInput(), { status: 'succeeded', result: { blob, size: 7 } })
  const { body } = await waiting
  assert.match(body.resultUrl ?? '', new RegExp(blob))
  assert.equal('result' in body, false)
})

test('the same idempotency key is the same call, unless it asks for something else', async () => {
  const body = { args: [1], idempotencyKey: 'once' }
  const [first, second] = [
    await send(installation, 'call', { params, body }),
    await send(installation, 'call', { params, body }),
  ]
  assert.equal(first.body.id, second.body.id)
  const other = await refuse(installation, 'call', { params, body: { ...body, args: [2] } })
  assert.deepEqual([other.status, other.code], [409, 'idempotency_conflict'])
  assert.ok(
    !other.detail?.includes(first.body.id),
    'who guesses a key does not learn whose result to ask for',
  )
  await finish(await takeInput(), { status: 'succeeded', result: { json: '1' } })
  const after = await send(installation, 'call', { params, body })
  assert.deepEqual([after.status, after.body.result], [200, 1])
})

test('a call is cancelled once, and stays so', async () => {
  const { body } = await send(installation, 'call', { params, body: { args: [] } })
  const cancelled = await send(installation, 'cancelCall', { params: { id: body.id } })
  assert.equal(cancelled.body.status, 'cancelled')
  const again = await send(installation, 'cancelCall', { params: { id: body.id } })
  assert.equal(again.body.endedAt, cancelled.body.endedAt)
})

test('recent calls are listed by status, without their results', async () => {
  const { body } = await send(installation, 'listCalls', { params, query: { status: 'succeeded', limit: 2 } })
  assert.equal(body.items.length, 2)
  assert.ok(body.items.every((call) => call.status === 'succeeded' && !('result' in call)))
  const next = { function: 'work', status: 'succeeded', limit: 1, cursor: body.cursor ?? '' }
  const { body: further } = await send(installation, 'listCalls', { params, query: next })
  assert.equal(further.items.length, 1)
  assert.ok(!body.items.some(({ id }) => id === further.items[0]?.id))
  const problem = await refuse(installation, 'listCalls', { params, query: { status: 'successful' } })
  assert.match(problem.detail, /"succeeded"/)
})

test('what cannot be called is refused, with what to do instead', async () => {
  const web = await refuse(installation, 'call', {
    params: { ...params, function: 'site' },
    body: { args: [] },
  })
  assert.deepEqual([web.status, web.code], [409, 'not_callable'])
  const typo = await refuse(installation, 'call', {
    params: { ...params, function: 'works' },
    body: { args: [] },
  })
  assert.deepEqual([typo.status, typo.code], [404, 'function_not_found'])
  assert.match(typo.detail, /"work"/)
  const inherited = await refuse(installation, 'call', {
    params: { ...params, function: 'constructor' },
    body: { args: [] },
  })
  assert.equal(inherited.code, 'function_not_found')
  const unknown = await refuse(installation, 'getCall', { params: { id: 'ca-none' } })
  assert.deepEqual([unknown.status, unknown.code], [404, 'call_not_found'])
})

test('a container sees the calls of its own environment and no others', async () => {
  const { body } = await send(installation, 'call', { params, body: { args: [] } })
  const stranger = await installation.container({ env: 'staging' })
  for (const id of ['getCall', 'cancelCall'] as const) {
    const problem = await refuse(installation, id, { params: { id: body.id }, token: stranger })
    assert.deepEqual([problem.status, problem.code], [404, 'call_not_found'], id)
  }
  const own = await send(installation, 'cancelCall', { params: { id: body.id }, token: worker })
  assert.equal(own.body.status, 'cancelled')
})

test('a call tells who asked for it, which container ran it and, where asked, what it was called with', async () => {
  const { body } = await send(installation, 'call', { params, body: { args: ['who', { is: 'it' }] } })
  assert.deepEqual([body.by, body.container, body.args], ['ada', undefined, undefined])
  await finish(await takeInput(), { status: 'succeeded', result: { json: '1' } })
  const target = { params: { id: body.id } }
  const ended = await send(installation, 'getCall', { ...target, query: { args: 'true' } })
  assert.deepEqual(ended.body.args, ['who', { is: 'it' }])
  assert.equal(ended.body.container, ownId())
  assert.equal('args' in (await send(installation, 'getCall', target)).body, false)
})

test('who may only call is not told what others were called with', async () => {
  const { body } = await send(installation, 'call', { params, body: { args: ['a secret'] } })
  const token = 'slu_of-an-invoker'
  await issueToken(installation.ports, { name: 'website', role: 'invoker', by: 'ada' }, token)
  for (const sender of [token, worker]) {
    const target = { params: { id: body.id }, token: sender }
    assert.equal((await send(installation, 'getCall', target)).body.id, body.id)
    const problem = await refuse(installation, 'getCall', { ...target, query: { args: 'true' } })
    assert.deepEqual([problem.status, problem.code], [403, 'forbidden'])
  }
  await send(installation, 'cancelCall', { params: { id: body.id } })
})

test('arguments that are a blob are told by where to fetch them', async () => {
  const argsBlob = await installation.ports.blobs.put(Buffer.from('["far away"]'))
  const { body } = await send(installation, 'call', { params, body: { argsBlob } })
  const target = { params: { id: body.id }, query: { args: 'true' } }
  assert.match((await send(installation, 'getCall', target)).body.argsUrl ?? '', new RegExp(argsBlob))
  await finish(await takeInput(), { status: 'succeeded', result: { json: 'null' } })
})

test('a call that a container makes for one that it runs is that one’s child, also once that has ended', async () => {
  const { body: parent } = await send(installation, 'call', { params, body: { args: [] } })
  const input = await takeInput()
  const nested = { params, token: worker, body: { args: [], parent: parent.id } }
  const { body: first } = await send(installation, 'call', nested)
  await finish(input, { status: 'succeeded', result: { json: '1' } })
  const { body: second } = await send(installation, 'call', nested)
  const { body: children } = await send(installation, 'listChildren', { params: { id: parent.id } })
  assert.deepEqual(
    children.items.map(({ id, parent: of, by }) => [id, of, by]),
    [first, second].map(({ id }) => [id, parent.id, 'shop.work']),
  )
  for (const { id } of [first, second]) await send(installation, 'cancelCall', { params: { id } })
})

test('nobody names a parent that is not theirs to name', async () => {
  const { body: parent } = await send(installation, 'call', { params, body: { args: [] } })
  const body = { args: [], parent: parent.id }
  const problem = await refuse(installation, 'call', { params, body })
  assert.deepEqual([problem.status, problem.errors?.[0]?.path], [400, 'parent'])
  // Its call may have been given to another container, of which the code that goes on knows nothing.
  const { body: orphan } = await send(installation, 'call', { params, token: worker, body })
  assert.equal(orphan.parent, undefined)
  for (const { id } of [parent, orphan]) await send(installation, 'cancelCall', { params: { id } })
})

test('containers are listed, shown and stopped', async () => {
  const { body } = await send(installation, 'listContainers', { params, query: { state: 'ready' } })
  const [container] = body.items
  assert.ok(container)
  assert.deepEqual([container.function, container.version, container.state], ['work', 1, 'ready'])
  const shown = await send(installation, 'getContainer', { params: { id: container.id } })
  assert.equal(shown.body.id, container.id)
  const stopped = await send(installation, 'stopContainer', { params: { id: container.id }, body: {} })
  assert.equal(stopped.body.state, 'stopped')
  const none = await refuse(installation, 'stopContainer', { params: { id: 'co-none' }, body: {} })
  assert.deepEqual([none.status, none.code], [404, 'container_not_found'])
  const after = await send(installation, 'listContainers', {
    params,
    query: { all: 'true', function: 'work', limit: 200 },
  })
  assert.ok(after.body.items.some(({ id, state }) => id === container.id && state === 'stopped'))
})
