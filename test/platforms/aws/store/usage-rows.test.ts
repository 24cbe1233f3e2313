import assert from 'node:assert/strict'
import { test } from 'node:test'
import { additions } from '../../../../platforms/aws/store/usage/rows.ts'
import { BUCKETS } from '../../../../protocol/histogram.ts'
import { SLOT_MS } from '../../../../protocol/usage.ts'
import { UsageReport } from '../../../../protocol/usage-report.ts'
import { KEY } from '../../../contract/store-records.ts'

/** "DynamoDB expression limits", DynamoDB Developer Guide. */
const MOST_EXPRESSION = 4_096
const MOST = 1_000_000_000

test('a report of whatever a container may say fits into one expression', () => {
  const buckets = (from: number) =>
    Object.fromEntries(Array.from({ length: BUCKETS }, (_, bucket) => [bucket, from - bucket]))
  const counts = {
    calls: MOST,
    errors: 999,
    timeouts: 998,
    requests: 997,
    serverErrors: 996,
    busyMs: SLOT_MS,
  }
  const report = { sequence: 1, at: 0, ...counts, durations: buckets(MOST), waits: buckets(MOST - BUCKETS) }
  const member = { ...KEY, function: 'work', version: 1 }
  for (const { Update } of additions('usage', member, UsageReport.parse(report))) {
    assert.ok(Update.UpdateExpression.length <= MOST_EXPRESSION, `${Update.UpdateExpression.length}`)
    const named = new Set(Update.UpdateExpression.match(/:\w+/g))
    assert.deepEqual(named, new Set(Object.keys(Update.ExpressionAttributeValues)))
  }
})
