import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf } from './plan.ts'
import { Simulation } from './simulation.ts'

test('a seed makes the same history again, line by line', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const first = await historyOf(seed)
    const second = await historyOf(seed)
    assert.deepEqual(second.lines, first.lines, `seed ${seed}`)
    assert.equal(second.digest(), first.digest(), `seed ${seed}`)
  }
})

async function historyOf(seed: number) {
  const simulation = new Simulation(planOf(seed))
  await simulation.run()
  return simulation.history
}
