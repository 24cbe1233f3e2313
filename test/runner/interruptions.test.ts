import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainer } from './container.ts'
import { errorOf, resultOf } from './outcomes.ts'

const LIMIT = { timeout: 30_000 }

test(
  'a call that takes too long is ended with its process, and the next one finds another',
  LIMIT,
  async (t) => {
    const spec = { timeout: 3 }
    const { plane, container } = await startContainer(t, {
      bundle: 'never-returns.mjs',
      function: 'blocksTheFirst',
      spec,
    })
    const { name, message } = errorOf(await plane.call('ca-1', [true]), 'timed_out')
    assert.equal(name, 'TimeoutError')
    assert.match(message, /longer than its timeout of 3 s/)
    assert.equal((await container.logged('longer than its timeout of 3 s')).call, 'ca-1')
    assert.equal(typeof resultOf(await plane.call('ca-2', [false])), 'number')
    assert.equal(container.process.exitCode, null)
  },
)

test('a call that ran beside one that took too long is lost, not failed', LIMIT, async (t) => {
  const { plane } = await startContainer(t, {
    bundle: 'never-returns.mjs',
    function: 'neverReturnsTheFirst',
    spec: { timeout: 6, concurrency: 2 },
  })
  const before = resultOf(await plane.call('ca-1', [false]))
  const late = plane.call('ca-2', [true])
  // Seconds later, so that its own time is not up as well before the process has ended.
  const hasRun = () => plane.heartbeats.filter(({ running }) => running.includes('le-ca-2')).length > 6
  await plane.changes.until(hasRun)
  const beside = plane.call('ca-3', [true])
  errorOf(await late, 'timed_out')
  assert.match(errorOf(await beside, 'lost').message, /was replaced: call ca-2 took longer than its timeout/)
  assert.notEqual(resultOf(await plane.call('ca-4', [false])), before)
})

test('a cancelled call that runs alone is killed and forgotten', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, {
    bundle: 'never-returns.mjs',
    function: 'neverReturnsTheFirst',
  })
  const before = resultOf(await plane.call('ca-1', [false]))
  void plane.call('ca-2', [true])
  await plane.changes.until(() => plane.heartbeats.at(-1)?.running.includes('le-ca-2') ?? false)
  plane.revoke('ca-2')
  await container.logged('call ca-2 was cancelled')
  assert.notEqual(resultOf(await plane.call('ca-3', [false])), before)
  assert.equal(plane.reported.includes('ca-2'), false)
})

test('a cancelled call that runs beside others is told by its signal, and they go on', LIMIT, async (t) => {
  const { plane } = await startContainer(t, {
    bundle: 'answers-slowly.mjs',
    function: 'answersOrAborts',
    spec: { concurrency: 2 },
  })
  const kept = plane.call('ca-1', [`${plane.url}/gate/kept`])
  void plane.call('ca-2', [`${plane.url}/gate/cancelled`])
  await Promise.all([plane.gates.arrival('kept'), plane.gates.arrival('cancelled')])
  plane.revoke('ca-2')
  await plane.gates.desertion('cancelled')
  plane.gates.open('kept')
  assert.equal(resultOf(await kept), 'done')
  assert.equal(plane.reported.includes('ca-2'), false)
})
