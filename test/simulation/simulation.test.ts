import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { accountOf } from './account.ts'
import { missingIn } from './report.ts'
import { runSideBySide } from './side-by-side.ts'

/** Fewer or more on demand: SLUICE_SEEDS=200; one again: SLUICE_SEED=42. */
const SEEDS = Number(process.env.SLUICE_SEEDS ?? 5_000)
const ONE = process.env.SLUICE_SEED
/** Tries to leave out what a broken promise does not take. */
const SHRINKING_RUNS = 120

test('whatever crashes, is lost or comes twice, every promise of a deployment holds', async (t) => {
  const from = Number(ONE ?? 1)
  const to = ONE === undefined ? from + SEEDS : from + 1
  const { runs, totals, broken } = await runSideBySide({ from, to }, availableParallelism())
  if (broken) t.diagnostic(await accountOf(broken, SHRINKING_RUNS))
  assert.equal(broken, undefined)
  assert.deepEqual(missingIn(totals, runs), [], 'what does not occur is not tested')
})
