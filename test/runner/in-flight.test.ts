import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { InFlight } from '../../runner/in-flight.ts'

const SECOND_MS = 1_000
const STEP_MS = 10

/** What is told out of turn, in virtual time. */
function watch(t: TestContext, limit: number): { inFlight: InFlight; told: number[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const told: number[] = []
  const inFlight: InFlight = new InFlight(limit, () => told.push(inFlight.tell()))
  return { inFlight, told }
}

test('a request that ended before it was told of is told of, and later that there is none', (t) => {
  const { inFlight, told } = watch(t, 10)
  inFlight.set(1)
  inFlight.set(0)
  t.mock.timers.tick(300)
  assert.deepEqual(told, [1])
  t.mock.timers.tick(SECOND_MS)
  assert.deepEqual(told, [1, 0])
})

test('the end of the last request is told of within a second', (t) => {
  const { inFlight, told } = watch(t, 10)
  inFlight.set(1)
  t.mock.timers.tick(5 * SECOND_MS)
  inFlight.set(0)
  t.mock.timers.tick(SECOND_MS - 1)
  assert.deepEqual(told, [1, 0])
})

test('more requests than the container serves at once are told of, fewer wait for the next heartbeat', (t) => {
  const { inFlight, told } = watch(t, 2)
  inFlight.set(1)
  t.mock.timers.tick(300)
  inFlight.set(2)
  t.mock.timers.tick(5_000)
  assert.deepEqual(told, [1])
  inFlight.set(3)
  t.mock.timers.tick(300)
  assert.deepEqual(told, [1, 3])
})

test('the gaps in light traffic are not told of', (t) => {
  const { inFlight, told } = watch(t, 10)
  for (let i = 0; i < 10; i += 1) {
    inFlight.set(1)
    inFlight.set(0)
    t.mock.timers.tick(500)
  }
  inFlight.set(1)
  t.mock.timers.tick(5_000)
  assert.deepEqual(told, [1])
})

test('a container that drains tells at once when there is nothing left', (t) => {
  const { inFlight, told } = watch(t, 10)
  inFlight.set(3)
  t.mock.timers.tick(300)
  inFlight.drain()
  inFlight.set(1)
  inFlight.set(0)
  assert.deepEqual(told, [3, 0])
})

test('however many requests come and go, there is news at most four times a second', (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const toldAt: number[] = []
  const inFlight: InFlight = new InFlight(1, () => {
    inFlight.tell()
    toldAt.push(now)
  })
  for (let step = 0; step < 1_000; step += 1) {
    inFlight.set(step % 3)
    for (const end = now + STEP_MS * (1 + (step % 97)); now < end; t.mock.timers.tick(STEP_MS)) now += STEP_MS
  }
  const gaps = toldAt.slice(1).map((at, index) => at - (toldAt[index] ?? 0))
  assert.ok(gaps.length > 20)
  assert.ok(Math.min(...gaps) >= SECOND_MS / 4, `${Math.min(...gaps)} ms`)
})

test('news waits for no time that has passed already', (t) => {
  let now = 0
  const waits: number[] = []
  t.mock.method(performance, 'now', () => now)
  t.mock.method(globalThis, 'setTimeout', (_: () => void, ms: number) => waits.push(ms))
  const inFlight = new InFlight(1, () => {})
  inFlight.set(1)
  inFlight.tell()
  inFlight.set(0)
  now += 5 * SECOND_MS
  inFlight.set(2)
  assert.equal(waits.length, 3)
  assert.ok(Math.min(...waits) >= 0, `${waits}`)
})
