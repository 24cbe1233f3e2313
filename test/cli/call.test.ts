import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { bodyOf, callView, problem, startPeer } from '../sdk/peer.ts'
import { sluice } from './sluice.ts'

const ended = (result: unknown) => callView({ status: 'succeeded', result })

test('each argument is JSON if it can be, else text; the result is printed', async () => {
  await using peer = await startPeer({ call: ({ body }) => ended(body.args) })
  const call = (...words: string[]) => sluice(['call', ...words], { url: peer.url })
  const words = [
    'demo.v2.greet',
    'ada',
    '3',
    '{"a":[true]}',
    '"3"',
    '{broken',
    '--env',
    'staging',
    '--version',
    'v7',
  ]
  const { stdout, code } = await call(...words)
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(stdout), ['ada', 3, { a: [true] }, '3', '{broken'])
  const [request] = peer.requests
  assert.deepEqual(request?.params, { app: 'demo.v2', function: 'greet' })
  assert.deepEqual(request?.query, { env: 'staging' })
  assert.equal(bodyOf(peer, 'call').version, 7)

  await call('staging/demo.greet', '--args-json', '[1,"--two"]')
  assert.deepEqual(bodyOf(peer, 'call').args, [1, '--two'])
  assert.deepEqual(peer.requests.at(-1)?.query, { env: 'staging' })
  await call('demo.greet', '--', '--not-an-option', '-5')
  assert.deepEqual(bodyOf(peer, 'call').args, ['--not-an-option', -5])
})

test('text is printed as it is, nothing as nothing, and a large result is fetched', async () => {
  const answers = [ended('two\nlines'), callView({ status: 'succeeded' })]
  await using peer = await startPeer({
    call: () => answers.shift() ?? callView({ status: 'succeeded', resultUrl: `${peer.url}/blobs/large` }),
  })
  peer.blobs.set('large', Buffer.from('{"large":1}'))
  const call = async () => (await sluice(['call', 'demo.greet'], { url: peer.url })).stdout
  assert.equal(await call(), 'two\nlines\n')
  assert.equal(await call(), '')
  assert.deepEqual(JSON.parse(await call()), { large: 1 })
})

test('a failed call shows the author’s error and stack, and with --json what the API answered', async () => {
  const error = {
    name: 'RangeError',
    message: 'too far\nby two',
    stack: 'RangeError: too far\n    at walk (app.ts:3:9)',
  }
  await using peer = await startPeer({
    call: () => callView(),
    getCall: () => callView({ status: 'failed', error }),
  })
  const { code, stdout, stderr } = await sluice(['call', 'demo.greet'], { url: peer.url })
  assert.deepEqual([code, stdout], [1, ''])
  assert.equal(
    stderr,
    '✗ RangeError: too far\nby two\n    at walk (app.ts:3:9)\n    at remote call ca-1\nIts log: sluice app logs demo --call ca-1\n',
  )
  const asJson = await sluice(['call', 'demo.greet', '--json'], { url: peer.url })
  assert.deepEqual([asJson.code, JSON.parse(asJson.stdout).error], [1, error])
})

test('what an error was caused by is shown below its own frames', async () => {
  const stack = 'Error: no index\n    at load (app.ts:3:9)\n[cause]: Error: no disk\n    at read (app.ts:9:1)'
  await using peer = await startPeer({
    call: () => callView({ status: 'failed', error: { name: 'Error', message: 'no index', stack } }),
  })
  const { stderr } = await sluice(['call', 'demo.greet'], { url: peer.url })
  assert.equal(stderr, `✗ ${stack}\n    at remote call ca-1\nIts log: sluice app logs demo --call ca-1\n`)
})

test('a call outlives a restart of the control plane that holds its answer back', async () => {
  const keys: (string | undefined)[] = []
  let restart: Promise<void> | undefined
  await using peer = await startPeer({
    call: async ({ body }, response) => {
      keys.push(body.idempotencyKey)
      if (keys.length > 1) return ended('at last')
      response.destroy()
      await peer.stop()
      // Away for longer than the first pause, so that a connection is refused as well.
      restart = setTimeout(150).then(() => peer.start())
      return undefined
    },
  })
  const { code, stdout } = await sluice(['call', 'demo.greet'], { url: peer.url })
  await restart
  assert.deepEqual([code, stdout], [0, 'at last\n'])
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1])
})

test('--spawn prints the id and does not wait', async () => {
  await using peer = await startPeer({ call: () => callView() })
  const { stdout } = await sluice(['call', 'demo.greet', '--spawn'], { url: peer.url })
  assert.equal(stdout, 'ca-1\n')
  assert.equal(bodyOf(peer, 'call').wait, 0)
})

test('what is asked for and is not there is told with near names', async () => {
  await using peer = await startPeer({
    call: () => {
      throw problem('function_not_found', 'demo v1 has no function "gret". Did you mean "greet"?')
    },
  })
  const { code, stderr } = await sluice(['call', 'demo.gret'], { url: peer.url })
  assert.deepEqual([code, stderr], [1, '✗ demo v1 has no function "gret". Did you mean "greet"?\n'])
})
