import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Listening } from '../../../platforms/local/listening.ts'
import { VirtualTime } from './virtual-time.ts'

const HOUR_MS = 3_600_000

async function listen(time: VirtualTime, seconds: number): Promise<Listening> {
  const listening = new Listening(time)
  for (let i = 0; i < seconds; i++) {
    await time.advance(1_000)
    listening.look()
  }
  return listening
}

test('a process hears from its start on for as long as it goes on, and anew from when it stood still', async () => {
  const time = new VirtualTime('2026-01-05T12:00:00Z')
  const start = time.now()
  const listening = await listen(time, 60)
  assert.equal(listening.since, start)
  time.sleep(HOUR_MS)
  const awake = time.now()
  assert.equal(listening.since, awake)
  await time.advance(1_000)
  assert.equal(listening.since, awake)
})

test('a clock that is set says nothing of how long a process has heard', async () => {
  for (const step of [HOUR_MS, -HOUR_MS]) {
    const time = new VirtualTime('2026-01-05T12:00:00Z')
    const listening = await listen(time, 60)
    time.sleep(step)
    assert.equal(listening.since, time.now())
  }
})

test('what was said and could not be taken notice of says nothing of who is silent', async () => {
  const time = new VirtualTime('2026-01-05T12:00:00Z')
  const listening = await listen(time, 60)
  listening.missed()
  const missed = time.now()
  await time.advance(1_000)
  assert.equal(listening.since, missed)
})
