import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Version } from '../../control/model.ts'
import { fates, type InUse } from '../../control/retention.ts'
import { DAY_MS } from '../../protocol/retention.ts'
import { draft } from '../contract/store-records.ts'

const NOW = 100 * DAY_MS
const RETENTION = { versions: 2, versionMs: 30 * DAY_MS, stagedMs: 0, stoppedMs: 0, blobMs: 0 }
const NOTHING: InUse = { running: new Set(), lastGood: undefined }

const version = (number: number, daysOld: number, fields: Partial<Version> = {}): Version => ({
  ...draft(),
  version: number,
  status: 'superseded',
  steps: [],
  deployedAt: NOW - daysOld * DAY_MS,
  ...fields,
})

const kept = (history: Version[], inUse: Partial<InUse> = {}): number[] =>
  fates(history, { ...NOTHING, ...inUse }, RETENTION, NOW)
    .filter(({ keep }) => keep)
    .map(({ version: { version: number } }) => number)

test('versions are kept by count and by age', () => {
  const history = [version(5, 60), version(4, 60), version(3, 29), version(2, 30), version(1, 60)]
  assert.deepEqual(kept(history), [5, 4, 3])
})

test('whatever its age, a version is kept that is live, on its way, staged, tagged, in use or the one to roll back to', () => {
  const history = [
    version(9, 90),
    version(8, 90),
    version(7, 90, { status: 'rolling' }),
    version(6, 90, { status: 'live' }),
    version(5, 90, { status: 'staged' }),
    version(4, 90, { tag: 'green' }),
    version(3, 90),
    version(2, 90),
    version(1, 90),
  ]
  assert.deepEqual(kept(history, { running: new Set([3]), lastGood: 2 }), [9, 8, 7, 6, 5, 4, 3, 2])
})

test('what only its age keeps says until when', () => {
  const [, , third] = fates([version(3, 50), version(2, 50), version(1, 10)], NOTHING, RETENTION, NOW)
  assert.equal(third?.until, NOW + 20 * DAY_MS)
})
