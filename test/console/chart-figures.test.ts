import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stacked } from '../../console/parts/chart/series.ts'
import { byVersion, restAsOne } from '../../console/parts/usage/by-version.ts'
import { gridOf, minutesOf, valuesOf } from '../../console/parts/usage/grid.ts'
import type { UsageLineView } from '../../protocol/usage-view.ts'

const MINUTE_MS = 60_000
const SINCE = Date.parse('2026-01-31T06:00:00Z')
const USAGE = {
  since: '2026-01-31T06:00:00.000Z',
  until: '2026-01-31T06:12:00.000Z',
  asked: { env: 'main', app: 'shop', range: '1h', by: 'version', step: '5m' },
} as const

const line = (version: number, minute = 0, calls = 1) =>
  ({ version, calls, at: new Date(SINCE + minute * MINUTE_MS).toISOString() }) as UsageLineView

const coloursOf = (...versions: number[]) =>
  new Map(byVersion(versions.map((version) => line(version))).map((one) => [one.label, one.colour]))

test('a version keeps its colour as newer ones come, and no two of the newest share one', () => {
  const before = coloursOf(3, 4, 5, 6)
  const after = coloursOf(3, 4, 5, 6, 7)
  for (const version of ['v4', 'v5', 'v6']) assert.equal(after.get(version), before.get(version), version)
  assert.equal(after.get('v3'), 'rest')
  const apart = coloursOf(1, 2, 6, 10, 14)
  assert.equal(apart.get('v1'), 'rest')
  assert.equal(new Set([2, 6, 10, 14].map((version) => apart.get(`v${version}`))).size, 4)
})

test('versions that have no colour of their own are taken together', () => {
  const [newest, ...others] = restAsOne(
    byVersion([1, 2, 3, 4, 5, 6].map((version) => line(version))),
    'Older',
  )
  assert.equal(newest?.label, 'v6')
  const { label, colour, lines = [] } = others.at(-1) ?? {}
  assert.deepEqual(
    [label, colour, lines.map(({ version }) => version), others.length],
    ['Older', 'rest', [2, 1], 4],
  )
})

test('bars stand on those below them, and one of nothing is not drawn', () => {
  const series = (values: (number | null)[]) => ({ label: '', colour: 'one' as const, values })
  assert.deepEqual(stacked([series([1, 0, 2]), series([3, 4, null])]), [
    [4, null, 2],
    [3, 4, null],
  ])
})

test('what was done is in the part of the time that it was done in, and a part without it is a gap', () => {
  const grid = gridOf(USAGE)
  assert.deepEqual(
    grid.starts.map((start) => (start - SINCE) / MINUTE_MS),
    [0, 5, 10],
  )
  const values = valuesOf(
    grid,
    [line(1, 0, 2), line(2, 0, 3), line(1, 10, 4), line(1, 15, 9)],
    ({ calls }) => calls,
  )
  assert.deepEqual(values, [5, null, 4])
})

test('the part that is still going on is as long as it has been, and a minute at least', () => {
  const minutes = (until: string) =>
    [0, 5, 10].map((at) => minutesOf(gridOf({ ...USAGE, until }), line(1, at).at))
  assert.deepEqual(minutes('2026-01-31T06:12:00Z'), [5, 5, 2])
  assert.deepEqual(minutes('2026-01-31T06:10:01Z'), [5, 5, 1])
})
