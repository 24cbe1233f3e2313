import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeardByOthers } from '../../../platforms/aws/hearing.ts'

const MINUTE_MS = 60_000

/** Looks once a minute; gives the minutes in which silence is believed. */
function believed(
  from: number,
  until: number,
  heardAt: (now: number) => number | undefined,
  hearing = make(),
) {
  const minutes: number[] = []
  for (let minute = from; minute < until; minute++) {
    const now = minute * MINUTE_MS
    if (hearing.isBelievable(now, heardAt(now))) minutes.push(minute)
  }
  return minutes
}

const make = () => new HeardByOthers({ silenceMs: 95_000 })
const justNow = (now: number) => now - 20_000

test('silence is believed once others have been heard for long enough', () => {
  assert.deepEqual(believed(0, 5, justNow), [2, 3, 4])
})

test('who could not be heard, as nobody was, gets as long again from when somebody is', () => {
  const hearing = make()
  believed(0, 5, justNow, hearing)
  assert.deepEqual(
    believed(5, 12, () => 4 * MINUTE_MS, hearing),
    [],
  )
  assert.deepEqual(believed(12, 16, justNow, hearing), [14, 15])
})

test('nobody knows who was heard while the sweep did not run either', () => {
  const hearing = make()
  believed(0, 5, justNow, hearing)
  assert.deepEqual(believed(65, 69, justNow, hearing), [67, 68])
})

test('after ten minutes the silence of all is believed, and so is that of the only one', () => {
  const dead = () => 0
  assert.deepEqual(believed(1, 14, dead), [11, 12, 13])
  assert.deepEqual(
    believed(1, 14, () => undefined),
    [11, 12, 13],
  )
})
