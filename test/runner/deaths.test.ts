import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainer } from './container.ts'
import { errorOf, resultOf } from './outcomes.ts'

const LIMIT = { timeout: 30_000 }

test(
  'a function that ends its process fails the call with its last words, and the container goes on',
  LIMIT,
  async (t) => {
    const { plane } = await startContainer(t, { bundle: 'crashes-at-work.mjs', function: 'crashesAtWork' })
    const { name, message } = errorOf(await plane.call('ca-1', []), 'failed')
    assert.equal(name, 'ProcessExited')
    assert.match(message, /exited with code 3\.\nthis will end badly$/)
    assert.equal(typeof resultOf(await plane.call('ca-2', ['pid'])), 'number')
  },
)

test('a call whose process is killed from outside is lost, not failed', LIMIT, async (t) => {
  const { plane } = await startContainer(t, { bundle: 'never-returns.mjs', function: 'neverReturnsTheFirst' })
  const pid = Number(
    String(resultOf(await plane.call('ca-1', [false])))
      .split(' ')
      .at(-1),
  )
  const running = plane.call('ca-2', [true])
  await plane.changes.until(() => plane.heartbeats.at(-1)?.running.includes('le-ca-2') ?? false)
  process.kill(pid, 'SIGKILL')
  assert.match(errorOf(await running, 'lost').message, /killed from outside/)
  resultOf(await plane.call('ca-3', [false]))
})

test('a function that crashes again and again ends its container', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'crashes-at-work.mjs',
    function: 'crashesAtWork',
  })
  const calls = [1, 2, 3, 4, 5, 6].map((n) => plane.call(`ca-${n}`, []))
  assert.equal((await container.exited).code, 1)
  assert.equal(plane.lastWord?.error.name, 'ProcessExited')
  for (const outcome of await Promise.all(calls)) errorOf(outcome, 'failed')
})

test('a container that gives up tells first what became of its calls', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'crashes-at-work.mjs',
    function: 'crashesAtWork',
    configure: (unstarted) => {
      unstarted.holdMs = 10
      unstarted.acceptanceMs = 300
    },
  })
  const calls = [1, 2, 3, 4, 5, 6].map((n) => plane.call(`ca-${n}`, []))
  await container.exited
  for (const outcome of await Promise.all(calls)) errorOf(outcome, 'failed')
})

test('a bundle that crashes when it is loaded ends its container, which says why', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, { bundle: 'crashes-on-load.mjs', function: 'any' })
  assert.equal((await container.exited).code, 1)
  assert.equal(plane.isReady, false)
  const { error, logs } = plane.lastWord ?? assert.fail('It said nothing')
  assert.equal(error.message, 'no database')
  assert.match(error.stack ?? '', /^Error: no database\n {4}at crashes-on-load\.mjs:2:7$/)
  assert.equal(logs[0], 'about to crash')
  assert.ok(logs.some((line) => line.includes('Error: no database')))
})

test('a bundle that is not ready in time ends its container, which says so', LIMIT, async (t) => {
  const spec = { startupTimeout: 3 }
  const { plane, container } = await startContainer(t, { bundle: 'never-ready.mjs', function: 'any', spec })
  assert.equal((await container.exited).code, 1)
  assert.match(plane.lastWord?.error.message ?? '', /not ready within its startupTimeout of 3 s/)
  await container.logged('could not be started')
  const printed = container.logs.filter(({ source }) => source === 'stdout').map(({ line }) => line)
  assert.deepEqual(plane.lastWord?.logs, printed)
})

test('a bundle without the function says which ones it has', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, { bundle: 'never-returns.mjs', function: 'returns' })
  assert.equal((await container.exited).code, 1)
  assert.match(plane.lastWord?.error.message ?? '', /no function "returns", only: blocksTheFirst, /)
})

test('a file that is not what was announced is not run', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'plain.mjs',
    function: 'plain',
    configure: (unstarted) => {
      unstarted.tampered = 'author.mjs'
    },
  })
  assert.equal((await container.exited).code, 1)
  assert.match(plane.lastWord?.error.message ?? '', /author\.mjs has the hash/)
})

test('the author’s process does not outlive its supervisor', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'answers-slowly.mjs',
    function: 'answersSlowly',
  })
  void plane.call('ca-1', [`${plane.url}/gate/one`])
  await plane.gates.arrival('one')
  container.process.kill('SIGKILL')
  await plane.gates.desertion('one')
})
