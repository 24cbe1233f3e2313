import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Channel, Delivery, Notice } from '../../control/notice-model.ts'
import type { Store } from '../../control/store-port.ts'
import { entry } from './store-audit.ts'
import { begin, call, KEY, live, PAGE, ready } from './store-records.ts'

export function notice(id: string, fields: Partial<Notice> = {}): Notice {
  return {
    ...KEY,
    id,
    kind: 'rollout_failed',
    at: 1_000,
    message: 'It broke.',
    logs: ['last words'],
    ...fields,
  }
}

export function channel(name: string, fields: Partial<Channel> = {}): Channel {
  return {
    id: `ch-${name}`,
    env: 'main',
    name,
    target: { webhook: 'https://hooks.example.org/secret' },
    muted: [],
    createdAt: 1,
    createdBy: 'ann',
    health: { lost: 0 },
    ...fields,
  }
}

const delivery = (notice: string, channel: string): Delivery => ({
  ...{ notice, channel },
  env: 'main',
  channelId: `ch-${channel}`,
  createdAt: 2_000,
  attempts: 0,
})

/** What every store promises of channels, and of notices on their way. */
export function noticeStoreContract(makeStore: () => Promise<Store>): void {
  test('channels are those of an environment, by name, as they were written', async () => {
    const store = await makeStore()
    const team = channel('team', { app: 'shop', kinds: ['rolled_back'], muted: ['toy'] })
    const pager = channel('pager', { target: { topic: 'arn:aws:sns:eu-west-1:1:sluice-pager' } })
    for (const one of [team, pager, channel('team', { env: 'other' })]) await store.writeChannel(one)
    assert.deepEqual(await store.channels('main'), [pager, team])
    assert.deepEqual(await store.channel('main', 'team'), team)
    assert.equal(await store.channel('main', 'nobody'), undefined)
  })

  test('a channel is changed by who knows which it is, and each change is recorded with it', async () => {
    const store = await makeStore()
    assert.equal(await store.writeChannel(channel('team'), entry('1')), true)
    assert.equal(await store.writeChannel(channel('team', { id: 'ch-2' }), entry('2')), false)
    assert.equal(await store.writeChannel(channel('team', { muted: ['toy'] }), entry('3')), true)
    assert.deepEqual((await store.channel('main', 'team'))?.muted, ['toy'])
    assert.equal(await store.deleteChannel('main', 'team', entry('4')), true)
    assert.equal(await store.deleteChannel('main', 'team', entry('5')), false)
    const { items } = await store.auditEntries('main', 'shop', PAGE)
    assert.deepEqual(
      items.map(({ id }) => id),
      ['au-4', 'au-3', 'au-1'],
    )
  })

  test('what becomes of deliveries is noted of the channel that they were for, and of no later one', async () => {
    const store = await makeStore()
    const team = channel('team')
    await store.writeChannel(team)
    await store.noteHealth(team, { failedAt: 5, failure: 'it answered 500', lost: 1 })
    await store.noteHealth(team, { deliveredAt: 6 })
    await store.noteHealth(team, { lost: 1 })
    await store.noteHealth(channel('team', { id: 'ch-before' }), { deliveredAt: 9 })
    await store.noteHealth(channel('gone'), { deliveredAt: 9 })
    const health = { deliveredAt: 6, failedAt: 5, failure: 'it answered 500', lost: 2 }
    assert.deepEqual((await store.channel('main', 'team'))?.health, health)
    assert.equal(await store.channel('main', 'gone'), undefined)
  })

  test('a notice is there once, and is seen to by one at a time', async () => {
    const store = await makeStore()
    const first = notice('rollout_failed/main/shop/1')
    assert.equal(await store.putNotice(first), true)
    assert.equal(await store.putNotice({ ...first, message: 'Again.' }), false)
    assert.deepEqual(await store.notice(first.id), first)
    assert.equal(await store.claimNotice(first.id, 999, 5_000), undefined, 'it is not due')
    const claims = await Promise.all([1, 2, 3].map(() => store.claimNotice(first.id, 1_000, 5_000)))
    assert.deepEqual(
      claims.filter((claim) => claim !== undefined),
      [first],
    )
    assert.deepEqual(await store.dueErrands(4_999, 10), [])
    assert.deepEqual(await store.claimNotice(first.id, 5_000, 9_000), first, 'whoever had it has died')
  })

  test('a notice is spread once, and each delivery is then due until it is done with', async () => {
    const store = await makeStore()
    const { id } = notice('n/1')
    await store.putNotice(notice(id))
    await store.spreadNotice(id, [delivery(id, 'team'), delivery(id, 'pager')])
    await store.spreadNotice(id, [delivery(id, 'team'), delivery(id, 'late')])
    assert.equal(await store.claimNotice(id, 9_000, 9_999), undefined)
    const due = await store.dueErrands(2_000, 10)
    assert.deepEqual(due.map(({ channel }) => channel).sort(), ['pager', 'team'])

    const key = { notice: id, channel: 'team' }
    const claims = await Promise.all([1, 2, 3].map(() => store.claimDelivery(key, 2_000, 3_000)))
    const given = claims.filter((claim) => claim !== undefined)
    assert.deepEqual(given, [{ ...delivery(id, 'team'), attempts: 1 }])
    await store.settleDelivery(key, 7_000)
    assert.equal(await store.claimDelivery(key, 6_999, 9_000), undefined)
    assert.equal((await store.claimDelivery(key, 7_000, 9_000))?.attempts, 2)
    await store.settleDelivery(key)
    await store.settleDelivery(key, 7_000)
    assert.equal(await store.claimDelivery(key, 99_000, 99_999), undefined, 'it is done with')
    await store.settleDelivery({ notice: id, channel: 'pager' })
    assert.deepEqual(await store.dueErrands(99_000, 10), [])
  })

  test('what is longest overdue is told first', async () => {
    const store = await makeStore()
    for (const [id, at] of [
      ['b', 30],
      ['a', 20],
      ['c', 40],
    ] as const)
      await store.putNotice(notice(id, { at }))
    const due = await store.dueErrands(40, 2)
    assert.deepEqual(
      due.map(({ notice: id, channel: to }) => [id, to]),
      [
        ['a', undefined],
        ['b', undefined],
      ],
    )
  })

  test('a rollout that fails, and a call that ends, have their notice in the same step; one that had ended, none', async () => {
    const store = await makeStore()
    await live(store)
    await begin(store)
    for (const id of ['rollout', 'rollout-again'])
      await store.endRollout(KEY, 2, { status: 'failed', notice: notice(id) })
    const by = await ready(store, 'a', 1)
    for (const id of ['c1', 'c2']) await store.acceptCall(call(id, 1))
    await store.claimCall('c1', by, 'lease', 10)
    const end = { status: 'failed', at: 11, error: { name: 'E', message: '' } } as const
    assert.equal(await store.finishCall('c1', 'other', { ...end, notice: notice('not-ours') }), false)
    assert.equal(await store.finishCall('c1', 'lease', { ...end, notice: notice('call') }), true)
    assert.equal(await store.failCall('c2', end.error, 12, notice('left')), true)
    assert.equal(await store.failCall('c2', end.error, 12, notice('left-again')), false)
    const due = await store.dueErrands(99_000, 10)
    assert.deepEqual(due.map(({ notice: id }) => id).sort(), ['call', 'left', 'rollout'])
    assert.deepEqual((await store.call('c1'))?.status, 'failed')
    assert.deepEqual(await store.runningCalls('a'), [])
  })
}
