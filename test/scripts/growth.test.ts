import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Grown, measure } from '../../scripts/dimensions/measure.ts'
import { DIMENSIONS, type Dimension } from '../../scripts/dimensions/past.ts'

/** Few enough to be quick, and so far apart that what grows is seen; a list has a full page at both. */
const SIZES: Record<string, readonly [number, number]> = {
  apps: [100, 1_500],
  versions: [100, 1_000],
  calls: [500, 8_000],
  'containers-elsewhere': [50, 500],
  containers: [50, 500],
}
/** A tree that holds ten times as much is a page deeper: of two or three, that many more, and not ten times as many. */
const DEEPER = 2.5
/** What reads each container that there is, since that is what it counts or looks after. */
const COUNTS_CONTAINERS: Record<string, readonly string[]> = {
  'containers-elsewhere': ['list apps'],
  containers: ['list apps', 'show the app', 'call, until ended'],
}

for (const dimension of DIMENSIONS) {
  const [few, many] = SIZES[dimension.name] ?? assert.fail(dimension.name)

  test(`nothing asks more of the store with ${many} ${dimension.what} than with ${few}`, async () => {
    const grown = await measure({ ...dimension, sizes: [few, many] }, 0)
    assert.deepEqual(grown.scans, [])
    for (const { name } of dimension.operations) assertFlat(dimension, name, grown)
  })
}

function assertFlat({ name }: Dimension, operation: string, { measured }: Grown): void {
  const [before, after] = measured.filter((one) => one.operation === operation)
  assert.ok(before && after)
  const asked = (one: typeof before) => ({ operations: one.operations, statements: one.statements })
  assert.deepEqual(asked(after), asked(before), operation)
  if (COUNTS_CONTAINERS[name]?.includes(operation)) return
  for (const [sql, pages] of after.pagesBy) {
    const most = Math.ceil((before.pagesBy.get(sql) ?? 0) * DEEPER) + 3
    assert.ok(pages <= most, `${operation}: ${pages} pages, where ${most} would do, are read by: ${sql}`)
  }
}
