import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUCKETS, bucketOf, count, type Histogram, merge, quantile } from '../../protocol/histogram.ts'

const DAY_MS = 86_400_000

test('a quantile is off by 5 % at most, over all that a call may take', () => {
  const values = Array.from({ length: 2_000 }, (_, i) => Math.exp((i / 2_000) * Math.log(DAY_MS)))
  const halves: Histogram[] = [{}, {}]
  for (const [i, ms] of values.entries()) count(halves[i % 2] ?? {}, ms)
  const [all = {}, other = {}] = halves
  merge(all, other)
  for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
    const exact = values[Math.ceil(values.length * share) - 1] ?? 0
    assert.ok(Math.abs((quantile(all, share) ?? 0) / exact - 1) <= 0.0501, `p${share * 100}`)
  }
})

test('there is a bucket for what is too short, and for what is too long', () => {
  assert.deepEqual([bucketOf(0), bucketOf(1), bucketOf(DAY_MS * 100)], [0, 0, BUCKETS - 1])
  assert.ok(bucketOf(DAY_MS) < BUCKETS)
})

test('of nothing there is no quantile', () => {
  assert.equal(quantile({}, 0.5), undefined)
})
