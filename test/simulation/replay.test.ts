import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { History } from './history.ts'
import { planOf } from './plan.ts'
import { runPlan } from './run.ts'

test('a seed makes the same history again, line by line, whatever ran before it', async () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
  const first = new Map<number, History>()
  for (const seed of seeds) first.set(seed, await historyOf(seed))
  for (const seed of seeds.reverse()) {
    const again = await historyOf(seed)
    assert.deepEqual(again.lines, first.get(seed)?.lines, `seed ${seed}`)
    assert.equal(again.digest(), first.get(seed)?.digest(), `seed ${seed}`)
  }
  assert.equal(new Set([...first.values()].map((history) => history.digest())).size, seeds.length)
})

async function historyOf(seed: number): Promise<History> {
  const { history, broken } = await runPlan(planOf(seed))
  assert.equal(broken, undefined)
  return history
}
