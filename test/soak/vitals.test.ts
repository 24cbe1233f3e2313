import assert from 'node:assert/strict'
import { test } from 'node:test'
import { courses } from '../../scripts/endurance/vitals.ts'

const MEGABYTE = 1_048_576
const MINUTES = 5

test('what a control plane needs is flat where it goes up and down, and is not where it goes up', () => {
  const upAndDown = looks((i) => 20 + 5 * (i % 2))
  assert.deepEqual(flatness(upAndDown), { heap: true, resident: true, descriptors: true })
  const up = looks((i) => 20 + 3 * i)
  assert.deepEqual(flatness(up), { heap: false, resident: true, descriptors: false })
  const [heap] = courses(up)
  assert.equal(heap?.perMinute.toFixed(1), '36.0')
})

/** Twelve a minute. */
function looks(of: (i: number) => number) {
  return Array.from({ length: MINUTES * 12 }, (_, i) => ({
    at: i * 5_000,
    heap: of(i) * MEGABYTE,
    resident: 200 * MEGABYTE,
    descriptors: of(i),
  }))
}

const flatness = (of: ReturnType<typeof looks>) =>
  Object.fromEntries(courses(of).map(({ what, isFlat }) => [what, isFlat]))
