import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepTold } from '../../control/story.ts'

const version = {
  version: 8,
  status: 'rolling',
  steps: [],
  deployedAt: 0,
  deployedBy: 'sluice',
  origin: 'rollback',
  fromVersion: 5,
  replaced: 7,
  reason: '9 of 11 calls failed.',
} as const

test('what others wrote ends as one sentence, whether or not it came with a full stop', () => {
  const linesOf = (detail: string) =>
    stepTold({ ...version, steps: [] }, { step: 'fail', state: 'failed' }, { at: 0, detail }).map(
      ({ line }) => line,
    )
  const begun = 'v8 begins: rollback of v5 by sluice, because: 9 of 11 calls failed.'
  assert.deepEqual(linesOf('it answered 503: sick'), [begun, 'v8 failed: it answered 503: sick. v7 goes on.'])
  assert.deepEqual(linesOf('It timed out.'), [begun, 'v8 failed: It timed out. v7 goes on.'])
})

test('nothing is told of a version from before it began, as by a clock that is behind', () => {
  const lines = stepTold(
    { ...version, steps: [], deployedAt: 9 },
    { step: 'cutover', state: 'done' },
    { at: 4 },
  )
  assert.deepEqual(
    lines.map(({ at }) => at),
    [9, 9],
  )
})
