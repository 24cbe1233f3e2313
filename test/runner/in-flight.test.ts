import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { InFlight } from '../../runner/in-flight.ts'

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
  t.mock.timers.tick(1_000)
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
