import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts } from './history.ts'
import { MUST_OCCUR } from './must-occur.ts'
import { ENOUGH_RUNS, missingIn, reportOf } from './report.ts'
import { addRun, noTotals } from './totals.ts'

test('of enough runs it is told what should have occurred in one of them, and did not', () => {
  const totals = noTotals()
  const counts = noCounts()
  for (const name of MUST_OCCUR) if (name !== 'slot missed') counts.event.set(name, 1)
  addRun(totals, { counts })
  assert.deepEqual(missingIn(totals, ENOUGH_RUNS), ['slot missed'])
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
