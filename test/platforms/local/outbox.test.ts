import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Errand } from '../../../control/notice-model.ts'
import { LocalOutbox } from '../../../platforms/local/outbox.ts'
import { VirtualTime } from './virtual-time.ts'

test('an errand that waits behind a slow one of its channel waits there once, however often it is asked for', async () => {
  const time = new VirtualTime('2026-01-01T00:00:00Z')
  const begun: string[] = []
  const slow = Promise.withResolvers<void>()
  const run = async ({ notice }: Errand): Promise<void> => {
    begun.push(notice)
    if (notice === 'slow') await slow.promise
  }
  const outbox = new LocalOutbox({ clock: time, timers: time, run, onError: assert.ifError })
  for (const notice of ['slow', 'next', 'next', 'next']) {
    await outbox.add({ notice, channel: 'team' }, time.now())
    await time.advance(1_000)
  }
  slow.resolve()
  await time.advance(1_000)
  assert.deepEqual(begun, ['slow', 'next'])
  await outbox.add({ notice: 'next', channel: 'team' }, time.now())
  await time.advance(1_000)
  assert.deepEqual(begun, ['slow', 'next', 'next'], 'once it was begun, it can be asked for again')
  await outbox.close()
})
