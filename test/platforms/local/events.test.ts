import assert from 'node:assert/strict'
import { it } from 'node:test'
import { LocalEvents } from '../../../platforms/local/events.ts'
import { eventsContract } from '../../contract/events.ts'

eventsContract('LocalEvents', () => new LocalEvents())

it('keeps no topic that nobody listens to', () => {
  const events = new LocalEvents()
  const subscriptions = [events.subscribe(['call:a', 'call:b']), events.subscribe(['call:b'])]
  events.publish('call:c')
  assert.equal(events.topics, 2)
  for (const subscription of subscriptions) subscription.close()
  assert.equal(events.topics, 0)
})

it('ends a wait that is still open when the next one begins', async () => {
  const subscription = new LocalEvents().subscribe(['call:a'])
  const [first, second] = [subscription.next(10_000), subscription.next(1)]
  assert.deepEqual(await Promise.all([first, second]), [false, false])
})
