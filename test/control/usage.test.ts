import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEAST_BILLED_MS, priceOfMs, pricesOf } from '../../control/prices.ts'
import { usageOfApp, usageOfApps } from '../../control/usage.ts'
import { usageRange } from '../../control/usage-range.ts'
import type { UsageSum } from '../../control/usage-sums.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { noUsage, SLOT_MS, slotOf, type UsageCounts } from '../../protocol/usage.ts'
import { begin, container, draft, KEY } from '../contract/store-records.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Noon of some day. */
const START = 20_000 * DAY + 12 * HOUR
const TARIFF = { region: 'us-east-1', architecture: 'arm64', hasAddress: false } as const
const SIZE = { cpu: 0.25, memory: 512 }
const PRICE = priceOfMs(pricesOf(TARIFF), SIZE)

interface Begun {
  at: number
  readyAt?: number
  version?: number
  /** Its function. */
  of?: string
}

/** An app whose containers live as the test says, in minutes after START. */
class Shop {
  readonly store: SqliteStore = openStore(':memory:')
  now = START
  readonly ports = { store: this.store, clock: { now: () => this.now }, tariff: TARIFF }
  #reports = 0

  static async open(): Promise<Shop> {
    const shop = new Shop()
    await begin(shop.store, draft())
    return shop
  }

  async start(id: string, { at, readyAt, version = 1, of = 'work' }: Begun) {
    const member = { ...container(id, version), ...SIZE, function: of, startedAt: START + at * MINUTE }
    const expect = (await this.store.containers(KEY)).filter(
      (one) => one.version === version && one.function === of,
    ).length
    assert.ok(await this.store.reserveContainer(member, { expect, max: 9 }))
    await this.store.containerLaunched(id)
    if (readyAt !== undefined) await this.store.containerReady(id, undefined, START + readyAt * MINUTE)
  }

  async did(id: string, at: number, counts: Partial<UsageCounts>): Promise<void> {
    const member = (await this.store.container(id)) ?? assert.fail()
    const time = START + at * MINUTE
    this.#reports += 1
    const report = { ...noUsage(), ...counts, sequence: this.#reports, at: slotOf(time) }
    assert.ok(await this.store.containerReported(member, 0, time, report))
  }

  drain(id: string, at: number): Promise<boolean> {
    return this.store.drainContainer(id, { deadline: 0, reason: 'v2 is live', at: START + at * MINUTE })
  }

  stop(id: string, at: number): Promise<boolean> {
    return this.store.containerStopped(id, 'exited', START + at * MINUTE)
  }

  /** At so many minutes. */
  async usage(at: number, asked: Partial<Parameters<typeof usageOfApp>[2]> = {}) {
    this.now = START + at * MINUTE
    return usageOfApp(this.ports, KEY, { by: 'function', ...asked })
  }
}

const minutes = ({ ms }: UsageSum) =>
  Object.fromEntries(Object.entries(ms).map(([phase, value]) => [phase, value / MINUTE]))

/** What each phase cost, in minutes of this container. */
const paid = ({ cost }: UsageSum) =>
  Object.fromEntries(
    Object.entries(cost).map(([phase, value]) => [phase, Math.round((value / PRICE / MINUTE) * 1e6) / 1e6]),
  )

test('a warm container costs while it is idle, apart from what it costs at work', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0, readyAt: 2 })
  await shop.did('a', 6, { calls: 3, busyMs: 3 * MINUTE })
  const { total } = await shop.usage(20)
  assert.deepEqual(minutes(total), { starting: 2, busy: 3, idle: 15, draining: 0 })
  assert.deepEqual(paid(total), minutes(total))
  assert.deepEqual(Object.values(total.coldStarts), [1])
})

test('what a redeploy keeps of the old version is told apart, and belongs to that version', async () => {
  const shop = await Shop.open()
  await shop.start('old', { at: 0, readyAt: 1 })
  await shop.start('new', { at: 10, readyAt: 11, version: 2 })
  await shop.drain('old', 11)
  await shop.stop('old', 16)
  const { lines } = await shop.usage(20, { by: 'version' })
  assert.deepEqual(
    lines.map((line) => [line.version, minutes(line)]),
    [
      [2, { starting: 1, busy: 0, idle: 9, draining: 0 }],
      [1, { starting: 1, busy: 0, idle: 10, draining: 5 }],
    ],
  )
})

test('a container that died took with it what it had not reported, and is paid for all the same', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0, readyAt: 1 })
  await shop.did('a', 1, { calls: 1, busyMs: MINUTE })
  await shop.stop('a', 9)
  const { total } = await shop.usage(60)
  assert.deepEqual(minutes(total), { starting: 1, busy: 1, idle: 7, draining: 0 })
})

test('a container that lived for less than a minute is billed for a minute', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0 })
  await shop.stop('a', 0.25)
  const { total } = await shop.usage(60)
  assert.equal(LEAST_BILLED_MS, MINUTE)
  assert.deepEqual([minutes(total).starting, paid(total).starting], [0.25, 1])
})

test('of one function, or of one version, nothing else is told or added up', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0, readyAt: 0 })
  await shop.start('b', { at: 0, readyAt: 0, version: 2 })
  await shop.start('c', { at: 0, readyAt: 0, of: 'other' })
  for (const [id, calls] of [
    ['a', 1],
    ['b', 10],
    ['c', 100],
  ] as const)
    await shop.did(id, 1, { calls })
  const told = async (asked: Parameters<Shop['usage']>[1]) => {
    const { lines, total } = await shop.usage(5, asked)
    const calls = lines.map((line) => [line.function ?? line.version, line.counts.calls])
    return [calls, total.counts.calls, minutes(total).idle]
  }
  assert.deepEqual(await told({ function: 'work', by: 'version' }), [
    [
      [2, 10],
      [1, 1],
    ],
    11,
    10,
  ])
  assert.deepEqual(await told({ version: 1 }), [
    [
      ['other', 100],
      ['work', 1],
    ],
    101,
    10,
  ])
  assert.deepEqual(await told({ function: 'work', version: 2 }), [[['work', 10]], 10, 5])
  assert.deepEqual(await told({ function: 'gone' }), [[], 0, 0])
})

test('in parts of an hour, each part has what was done and spent in it', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 30, readyAt: 30 })
  await shop.did('a', 40, { calls: 1, busyMs: 4 * MINUTE })
  await shop.did('a', 70, { calls: 2 })
  await shop.stop('a', 90)
  const { lines, total } = await shop.usage(180, { since: START, step: '1h' })
  assert.deepEqual(
    lines.map((line) => [line.at, line.counts.calls, minutes(line)]),
    [
      [START, 1, { starting: 0, busy: 4, idle: 26, draining: 0 }],
      [START + HOUR, 2, { starting: 0, busy: 0, idle: 30, draining: 0 }],
    ],
  )
  assert.equal(total.counts.calls, 3)
})

test('only what is within the time counts, of a container that lived longer too', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0, readyAt: 0 })
  for (const at of [1, 11, 21]) await shop.did('a', at, { calls: 1 })
  await shop.stop('a', 30)
  const since = START + 10 * MINUTE
  const { total, range } = await shop.usage(40, { since, until: since + 10 * MINUTE })
  assert.deepEqual([total.counts.calls, minutes(total).idle], [1, 10])
  assert.deepEqual([total.coldStarts, range.since, range.until], [{}, since, since + 10 * MINUTE])
})

test('a container that stops while it is looked for is counted once', async () => {
  const shop = await Shop.open()
  await shop.start('a', { at: 0, readyAt: 0 })
  const present = await shop.store.containers(KEY)
  await shop.stop('a', 10)
  const store = { ...shop.store, containers: async () => present }
  shop.now = START + HOUR
  const { total } = await usageOfApp({ ...shop.ports, store }, KEY, { by: 'function' })
  assert.equal(minutes(total).idle, 10)
})

test('of an environment each app is told, a page at a time', async () => {
  const shop = await Shop.open()
  await begin(shop.store, { ...draft(), app: 'other' })
  await shop.start('a', { at: 0, readyAt: 0 })
  shop.now = START + HOUR
  const first = await usageOfApps(shop.ports, KEY.env, {}, { limit: 1 })
  const second = await usageOfApps(shop.ports, KEY.env, {}, { limit: 1, cursor: first.cursor })
  const told = [...first.items, ...second.items].map(({ app, total }) => [app, minutes(total).idle])
  assert.deepEqual(
    [told, second.cursor],
    [
      [
        ['other', 0],
        ['shop', 60],
      ],
      undefined,
    ],
  )
})

test('a time is widened to what usage is kept in, and never beyond now', () => {
  const now = START + 7 * MINUTE
  assert.deepEqual(usageRange({}, now), {
    since: START - DAY,
    until: now,
    by: 'hour',
    stepMs: DAY + 7 * MINUTE,
  })
  assert.deepEqual(usageRange({ since: START + 1 }, now), {
    since: START,
    until: now,
    by: 'slot',
    stepMs: 7 * MINUTE,
  })
  const [since, until] = [START - 8 * HOUR + 1, START - 6 * HOUR + 1]
  assert.deepEqual(usageRange({ since, until, step: '1h' }, now), {
    since: since - 1,
    until: START - 5 * HOUR,
    by: 'hour',
    stepMs: HOUR,
  })
  const old = { since: now - 40 * DAY, until: now - 40 * DAY + HOUR }
  assert.equal(usageRange(old, now).by, 'hour')
})

test('a time that makes no sense, or of which nothing is kept, is refused', () => {
  const refused = (asked: Parameters<typeof usageRange>[0], message: RegExp) =>
    assert.throws(() => usageRange(asked, START), { code: 'invalid_request', message })
  refused({ since: START }, /before/)
  refused({ since: START - HOUR, until: START - HOUR }, /before/)
  refused({ since: START + HOUR }, /before/)
  refused({ since: START - 401 * DAY }, /400 days/)
  refused({ since: START - 36 * DAY, step: '5m' }, /35 days/)
  refused({ since: START - 34 * DAY, step: '5m' }, /longer/)
})

test('prices go by region, architecture and address, and an unknown region is told as the one that stands for it', () => {
  const x86 = pricesOf({ ...TARIFF, architecture: 'x86_64' })
  assert.ok(Math.abs(x86.vcpuSecond * 3600 - 0.04048) < 1e-9)
  assert.ok(pricesOf(TARIFF).vcpuSecond < x86.vcpuSecond)
  assert.equal(pricesOf({ ...TARIFF, region: 'mars-north-1' }).region, 'us-east-1')
  const month = 730 * HOUR
  const addressed = pricesOf({ ...TARIFF, hasAddress: true })
  assert.ok(Math.abs((priceOfMs(addressed, SIZE) - PRICE) * month - 3.65) < 1e-6)
  assert.ok(Math.abs(priceOfMs(x86, SIZE) * month - 9.01) < 0.01)
  assert.equal(SLOT_MS, 5 * MINUTE)
})
