import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Errand } from '../../control/notice-model.ts'
import { sweep } from '../../control/sweep.ts'
import { HeardByOthers } from '../../platforms/aws/hearing.ts'
import { Listening } from '../../platforms/local/listening.ts'
import { notice } from '../contract/store-notices.ts'
import { install } from '../lambdas/installation.ts'
import { VirtualTime } from '../platforms/local/virtual-time.ts'
import { SHOP } from './shop.ts'

test('a fault with containers, calls or schedules does not keep anybody from being told of a notice', async (t) => {
  const { ports, close } = await install()
  t.after(close)
  await ports.store.putNotice(notice('n'))
  const broken = () => Promise.reject(new Error('it is down'))
  const sent: Errand[] = []
  const store = { ...ports.store, silentContainers: broken, overdueCalls: broken, overdueSchedules: broken }
  const outbox = { add: async (errand: Errand) => void sent.push(errand) }
  await assert.rejects(sweep({ ...ports, store, outbox, listeningSince: 0 }), /it is down/)
  assert.deepEqual(sent, [{ notice: 'n' }])
})

test('a container that is heard as it is about to be given up for its silence is not killed', async (t) => {
  const { ports, container, close } = await install()
  t.after(close)
  const now = ports.clock.now()
  const killed: string[] = []
  const compute = {
    ...ports.compute,
    stop: async (id: string) => {
      killed.push(id)
      return 'gone' as const
    },
  }
  for (const id of ['co-heard', 'co-draining', 'co-dead', 'co-left'])
    await container({ id, startedAt: now - 60_000, seenAt: now - 60_000 })
  for (const id of ['co-draining', 'co-left'])
    await ports.store.drainContainer(id, { deadline: now + 60_000, reason: 'v2 is live', at: now })
  const store = Object.assign(Object.create(ports.store), {
    silentContainers: async (since: number) => {
      const found = await ports.store.silentContainers(since)
      for (const id of ['co-heard', 'co-draining']) await ports.store.containerSeen(id, 0, now)
      return found
    },
  })
  await sweep({ ...ports, store, compute, listeningSince: 0 })
  assert.deepEqual(killed.sort(), ['co-dead', 'co-left'])
  assert.equal((await ports.store.container('co-heard'))?.state, 'ready')
})

test('a process that stood still kills nobody whom it could not hear, before it has listened for as long again', async (t) => {
  const { ports, container, close } = await install()
  t.after(close)
  const time = new VirtualTime('2026-01-05T12:00:00Z')
  const listening = new Listening(time)
  const awake = {
    ...ports,
    clock: time,
    get listeningSince() {
      return listening.since
    },
  }
  await container({ id: 'co-1', startedAt: time.now(), seenAt: time.now() })
  const isThere = async () => (await ports.store.container('co-1'))?.state !== 'stopped'
  time.sleep(3_600_000)
  await sweep(awake)
  assert.equal(await isThere(), true)
  for (let seconds = 0; seconds < 30; seconds++) {
    await time.advance(1_000)
    listening.look()
  }
  await sweep(awake)
  assert.equal(await isThere(), false)
})

test('after an outage in which nobody could be heard the sweep waits for those who were not heard yet, and only for them', async (t) => {
  const { ports, container, close } = await install()
  t.after(close)
  const time = new VirtualTime('2026-01-05T12:00:00Z')
  const { silenceMs } = ports
  const hearing = new HeardByOthers({ silenceMs, recentMs: silenceMs / 2, unheardMs: 10 * silenceMs })
  const ofSeveral = { ...ports, clock: time, listeningSince: 0, hearing }
  for (const id of ['co-soon', 'co-late', 'co-dead'])
    await container({ id, startedAt: time.now() - 1, seenAt: time.now() - 1 })
  const passes = async (count: number, heard: string[]) => {
    for (let sweeps = 0; sweeps < count; sweeps++) {
      time.sleep(silenceMs / 3)
      for (const id of heard) await ports.store.containerSeen(id, 0, time.now())
      await sweep(ofSeveral)
    }
    return (await ports.store.containers(SHOP)).map(({ id }) => id).sort()
  }
  const all = ['co-dead', 'co-late', 'co-soon']
  assert.deepEqual(await passes(3, all), all)
  assert.deepEqual(await passes(9, []), all, 'nobody is heard')
  assert.deepEqual(await passes(2, ['co-soon']), all, 'the first of them is')
  assert.deepEqual(await passes(3, ['co-soon', 'co-late']), ['co-late', 'co-soon'])
})
