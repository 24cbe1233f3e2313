import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inParallel } from '../../sdk/pool.ts'

test('after a failure nothing more is begun', async () => {
  const begun: number[] = []
  const gate = Promise.withResolvers<void>()
  const pool = inParallel([0, 1, 2, 3, 4], 2, async (item) => {
    begun.push(item)
    await new Promise(setImmediate)
    if (item === 0) throw new Error('broken')
    await gate.promise
  })
  await assert.rejects(pool, /broken/)
  gate.resolve()
  await new Promise(setImmediate)
  assert.deepEqual(begun, [0, 1])
})

test('results keep the places of their items, and items are taken only when there is room', async () => {
  let taken = 0
  let working = 0
  function* items() {
    for (; taken < 6; taken++) {
      assert.ok(working < 3)
      yield taken
    }
  }
  const results = await inParallel(items(), 3, async (item) => {
    working++
    for (let turns = 6 - item; turns > 0; turns--) await new Promise(setImmediate)
    working--
    return item * 10
  })
  assert.deepEqual(results, [0, 10, 20, 30, 40, 50])
})
