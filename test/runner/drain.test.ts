import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainer } from './container.ts'
import { resultOf } from './outcomes.ts'

const LIMIT = { timeout: 30_000 }
const SLOW = { bundle: 'answers-slowly.mjs', function: 'answersSlowly' }

test(
  'a container that drains finishes what it runs, takes nothing new, and leaves when it is told',
  LIMIT,
  async (t) => {
    const { plane, container } = await startContainer(t, { ...SLOW, spec: { concurrency: 2 } })
    const running = plane.call('ca-1', [`${plane.url}/gate/one`])
    await plane.gates.arrival('one')
    plane.direct('drain')
    await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
    void plane.call('ca-2', [`${plane.url}/gate/two`])
    const asked = plane.exchanges
    plane.gates.open('one')
    assert.equal(resultOf(await running), 'done')
    assert.equal(plane.exchanges, asked + 1)
    assert.equal(plane.gates.hasArrived('two'), false)
    assert.equal(container.process.exitCode, null)
    plane.direct('exit')
    assert.deepEqual(await container.exited, { code: 0, signal: null })
  },
)

test(
  'a container that drains says what it was told where it waited, for another to have it',
  LIMIT,
  async (t) => {
    const { plane } = await startContainer(t, {
      bundle: 'plain.mjs',
      function: 'plain',
      configure: (unstarted) => {
        unstarted.waitsElsewhere = true
      },
    })
    await plane.changes.until(() => plane.isWaitedAt)
    plane.direct('drain')
    await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
    void plane.call('ca-1', ['Ada'])
    await plane.changes.until(() => plane.wakes.length > 0)
    assert.deepEqual(plane.wakes, ['there is work'])
  },
)

test('SIGTERM drains: what runs is finished and told, then the container leaves', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, SLOW)
  const running = plane.call('ca-1', [`${plane.url}/gate/one`])
  await plane.gates.arrival('one')
  container.process.kill('SIGTERM')
  await plane.changes.until(() => plane.heartbeats.at(-1)?.draining ?? false)
  plane.gates.open('one')
  assert.equal(resultOf(await running), 'done')
  assert.deepEqual(await container.exited, { code: 0, signal: null })
})

test('SIGINT is for the control plane in whose terminal it was typed', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, SLOW)
  const running = plane.call('ca-1', [`${plane.url}/gate/one`])
  await plane.gates.arrival('one')
  container.process.kill('SIGINT')
  plane.gates.open('one')
  assert.equal(resultOf(await running), 'done')
})

test(
  'a result is kept while the control plane is away, even past SIGTERM, and told when it is back',
  LIMIT,
  async (t) => {
    const { plane, container } = await startContainer(t, SLOW)
    const running = plane.call('ca-1', [`${plane.url}/gate/one`])
    await plane.gates.arrival('one')
    plane.refusal = 503
    plane.gates.open('one')
    await container.logged('does not answer')
    await plane.goAway()
    container.process.kill('SIGTERM')
    plane.refusal = undefined
    await plane.listen()
    assert.equal(resultOf(await running), 'done')
    await container.logged('answers again')
    assert.deepEqual(await container.exited, { code: 0, signal: null })
  },
)

test('a container that nobody knows any more leaves without a word', LIMIT, async (t) => {
  const { plane, container } = await startContainer(t, SLOW)
  void plane.call('ca-1', [`${plane.url}/gate/one`])
  await plane.gates.arrival('one')
  plane.refusal = 410
  assert.deepEqual(await container.exited, { code: 0, signal: null })
  assert.equal(plane.lastWord, undefined)
})
