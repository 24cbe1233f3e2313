import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeApp } from '../../control/describe.ts'
import type { Store } from '../../control/store-port.ts'
import { openStore } from '../../platforms/local/store/store.ts'
import { call, draft, KEY, live, ready } from '../contract/store-records.ts'

const clock = { now: () => 100 }

describe('the drain board', () => {
  test('tells of each version what its containers run, since when, and until when they may', async () => {
    const store = openStore(':memory:')
    await live(store)
    await runCalls(store, 1, 2)
    await live(store)
    await runCalls(store, 2, 1)
    for (const [id, deadline] of [
      ['v1-0', 500],
      ['v1-1', 600],
    ] as const)
      await store.drainContainer(id, { deadline, reason: 'outdated', at: 50 })
    const { rows } = await describeShop(store)
    assert.deepEqual(rows, [
      {
        version: 2,
        state: 'live',
        containers: { starting: 0, ready: 1, draining: 0 },
        calls: 1,
        requests: 0,
        oldest: 10,
      },
      {
        version: 1,
        state: 'draining',
        containers: { starting: 0, ready: 0, draining: 2 },
        calls: 2,
        requests: 0,
        oldest: 10,
        deadline: 600,
      },
    ])
  })

  test('lists a staged version that has no container', async () => {
    const store = openStore(':memory:')
    await live(store)
    await store.beginVersion({ ...draft(), staged: true }, new Map())
    const { rows } = await describeShop(store)
    assert.deepEqual(
      rows.map(({ version, state }) => [version, state]),
      [[2, 'staged']],
    )
  })

  test('asks the store as often for sixty busy containers as for two, and less for idle ones', async () => {
    const askedFor = async (containers: number, { busy }: { busy: boolean }) => {
      const store = openStore(':memory:')
      await live(store)
      if (busy) await runCalls(store, 1, containers)
      else for (let n = 0; n < containers; n++) await ready(store, `v1-${n}`, 1)
      const asked: string[] = []
      await describeShop(noting(store, asked))
      return asked.sort()
    }
    const busy = await askedFor(2, { busy: true })
    assert.deepEqual(await askedFor(60, { busy: true }), busy)
    assert.deepEqual(
      await askedFor(60, { busy: false }),
      busy.filter((operation) => operation !== 'callsInFlight'),
    )
    assert.deepEqual(busy, ['callsInFlight', 'containers', 'demand', 'version'])
  })
})

/** A call in each of so many containers, the first of which begins at 10. */
async function runCalls(store: Store, version: number, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const id = `v${version}-${n}`
    const by = await ready(store, id, version)
    await store.acceptCall(call(id, version))
    await store.claimCall(id, by, id, 10 + n)
  }
}

async function describeShop(store: Store) {
  return describeApp({ store, clock }, (await store.app(KEY)) ?? assert.fail())
}

function noting(store: Store, asked: string[]): Store {
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      if (name !== 'app') asked.push(name)
      return target[name]
    },
  })
}
