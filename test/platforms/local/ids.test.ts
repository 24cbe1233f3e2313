import assert from 'node:assert/strict'
import { it } from 'node:test'
import { decodeTime } from 'ulid'
import { LocalIds } from '../../../platforms/local/ids.ts'

it('ids sort in the order in which they were made, within a millisecond and when the clock goes back', () => {
  const time = { now: Date.parse('2026-01-01T00:00:00Z') }
  const ids = new LocalIds({ now: () => time.now })
  const made: string[] = []
  for (const step of [0, 0, 0, 1, 0, -5, 10]) {
    time.now += step
    made.push(ids.next('ca'))
  }
  assert.deepEqual(made.toSorted(), made)
  assert.equal(new Set(made).size, made.length)
  for (const id of made) assert.match(id, /^ca-[0-9a-hjkmnp-tv-z]{26}$/)
  assert.equal(
    decodeTime(made[0]?.slice('ca-'.length).toUpperCase() ?? ''),
    Date.parse('2026-01-01T00:00:00Z'),
  )
  assert.match(ids.next('co'), /^co-/)
})

it('an id does not tell the next one, also within a millisecond', () => {
  const ids = new LocalIds({ now: () => 0 })
  const ends = Array.from({ length: 100 }, () => ids.next('ca').slice(-8))
  // Were they counted, nearly all of them would begin alike.
  assert.ok(new Set(ends.map((end) => end.slice(0, 4))).size > 90)
})
