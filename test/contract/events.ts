import assert from 'node:assert/strict'
import { describe } from 'node:test'
import type { Events } from '../../control/event-ports.ts'
import { type Conditions, itExcept } from './conditions.ts'

/** Longer than any word takes, and never waited for to the end. */
const LONG_MS = 10_000

/** What whoever waits for a word relies on. */
export function eventsContract(name: string, makeEvents: () => Events, conditions: Conditions = {}): void {
  const it = itExcept(conditions)
  describe(`${name} as events`, { skip: conditions.skip ?? false }, () => {
    it('wakes a wait as soon as one of its topics is published', async () => {
      const events = makeEvents()
      const subscription = events.subscribe(['call:a', 'container:b'])
      const waiting = subscription.next(LONG_MS)
      events.publish('container:b')
      assert.equal(await waiting, true)
      subscription.close()
    })

    it('remembers, once, what was published since the last wait', async () => {
      const events = makeEvents()
      const subscription = events.subscribe(['call:a'])
      events.publish('call:a')
      events.publish('call:a')
      assert.equal(await subscription.next(LONG_MS), true)
      assert.equal(await subscription.next(1), false)
      subscription.close()
    })

    it('tells every subscriber, and none of another topic', async () => {
      const events = makeEvents()
      const [one, two, other] = [
        events.subscribe(['app:a']),
        events.subscribe(['app:a']),
        events.subscribe(['app:b']),
      ]
      const waiting = [one.next(LONG_MS), two.next(LONG_MS), other.next(1)]
      events.publish('app:a')
      assert.deepEqual(await Promise.all(waiting), [true, true, false])
      for (const subscription of [one, two, other]) subscription.close()
    })

    it('answers false when the time is up', async () => {
      const subscription = makeEvents().subscribe(['call:a'])
      assert.equal(await subscription.next(1), false)
      subscription.close()
    })

    it('ends an open wait when it is closed, and every later one at once', async () => {
      const events = makeEvents()
      const subscription = events.subscribe(['call:a'])
      const waiting = subscription.next(LONG_MS)
      subscription.close()
      events.publish('call:a')
      assert.equal(await waiting, false)
      assert.equal(await subscription.next(LONG_MS), false)
    })
  })
}
