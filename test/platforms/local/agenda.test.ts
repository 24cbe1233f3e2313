import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Agenda } from '../../../platforms/local/agenda.ts'
import { DueHeap } from '../../../platforms/local/due-heap.ts'
import { VirtualTime } from './virtual-time.ts'

const HOUR = 3_600_000

function scene() {
  const time = new VirtualTime('2026-01-01T00:00:00Z')
  const start = time.now()
  const rung: [item: string, at: number][] = []
  const agenda = new Agenda<string>({
    clock: time,
    timers: time,
    onDue: (item) => rung.push([item, time.now() - start]),
  })
  return { time, start, rung, agenda }
}

describe('an agenda', () => {
  it('tells of each item at its time, however it was moved', async () => {
    const { time, start, rung, agenda } = scene()
    agenda.set('late', start + 3_000)
    agenda.set('early', start + 9_000)
    agenda.set('early', start + 1_000)
    agenda.set('never', start + 2_000)
    agenda.delete('never')
    await time.advance(10_000)
    assert.deepEqual(rung, [
      ['early', 1_000],
      ['late', 3_000],
    ])
  })

  it('is late by a minute at most for what came due while the machine slept', async () => {
    const { time, start, rung, agenda } = scene()
    agenda.set('nightly', start + 5 * HOUR)
    await time.advance(10_000)
    time.sleep(8 * HOUR)
    await time.advance(60_000)
    assert.equal(rung.length, 1)
  })

  it('waits for what is weeks away', async () => {
    const { time, start, rung, agenda } = scene()
    const far = 40 * 24 * HOUR
    agenda.set('yearly', start + far)
    await time.advance(far - 1)
    assert.deepEqual(rung, [])
    await time.advance(1)
    assert.deepEqual(rung, [['yearly', far]])
  })

  it('runs a timer only while there is something on it', () => {
    const { time, start, agenda } = scene()
    agenda.set('one', start + 1_000)
    agenda.set('two', start + 500)
    assert.equal(time.timers, 1)
    agenda.delete('two')
    agenda.delete('one')
    assert.equal(time.timers, 0)
  })
})

it('a heap gives its items by time, then by the order in which they were set, whatever was moved or removed', () => {
  const step = fc.record({
    item: fc.integer({ min: 0, max: 20 }),
    at: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new DueHeap<number>()
      const model = new Map<number, number>()
      for (const { item, at } of steps) {
        heap.delete(item)
        model.delete(item)
        if (at === undefined) continue
        heap.set(item, at)
        model.set(item, at)
      }
      const expected = [...model].sort(([, one], [, other]) => one - other).map(([item]) => item)
      const taken: number[] = []
      for (let first = heap.first; first; first = heap.first) {
        assert.equal(heap.at(first.item), model.get(first.item))
        taken.push(first.item)
        heap.delete(first.item)
      }
      assert.deepEqual(taken, expected)
    }),
  )
})
