import { test } from 'node:test'
import { planOf } from './plan.ts'
import { Simulation } from './simulation.ts'

/** More on demand: SLUICE_SEEDS=5000; one again: SLUICE_SEED=42. */
const SEEDS = Number(process.env.SLUICE_SEEDS ?? 200)
const ONE = process.env.SLUICE_SEED

test('whatever crashes, is lost or comes twice, every promise of a deployment holds', async (t) => {
  const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(ONE)]
  for (const seed of seeds) {
    try {
      await new Simulation(planOf(seed)).run()
    } catch (error) {
      t.diagnostic(
        `Seed ${seed} breaks a promise. To see it again: SLUICE_SEED=${seed} scripts/test simulation`,
      )
      throw error
    }
  }
})
