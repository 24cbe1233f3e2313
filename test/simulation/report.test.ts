import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACTIONS } from './actions.ts'
import { noCounts } from './history.ts'
import { OUTCOMES } from './must-occur.ts'
import { planOf } from './plan.ts'
import { ENOUGH_RUNS, missingIn, reportOf } from './report.ts'
import { addRun, noTotals } from './totals.ts'

test('of enough runs it is told what should have occurred in one of them, and did not', () => {
  const totals = noTotals()
  const counts = noCounts()
  const actions = Object.keys(ACTIONS).map(
    (action) => `${action}: ${action === 'start' ? 'cut off' : 'done'}`,
  )
  const faults = Object.keys(planOf(1).faults).filter((name) => name !== 'crash')
  const outcomes = OUTCOMES.filter((name) => name !== 'slot missed')
  for (const name of [...actions, ...faults, ...outcomes]) counts.event.set(name, 1)
  addRun(totals, { counts })
  assert.deepEqual(missingIn(totals, ENOUGH_RUNS), ['start', 'crash', 'slot missed'])
  assert.deepEqual(missingIn(totals, ENOUGH_RUNS - 1), [])
})

test('the report counts how often something occurred and in how many runs, also of what nobody foresaw', () => {
  const totals = noTotals()
  for (const times of [1_500, 2]) {
    const counts = noCounts()
    counts.fault.set('flood', times)
    counts.action.set('sing: done', times)
    addRun(totals, { counts })
  }
  const report = reportOf(totals, 300)
  assert.match(report, /^ {2}flood +1,502 +< 1 %$/m)
  assert.match(report, /^ {2}sing +done 1,502$/m)
})
