import type { Container } from '../../control/model.ts'
import { systemClock } from '../../platforms/local/clock.ts'
import { LocalIds } from '../../platforms/local/ids.ts'
import { storePath } from '../../platforms/local/state-folder.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { count } from '../../protocol/histogram.ts'
import { noUsage, SLOT_MS, slotOf } from '../../protocol/usage.ts'

const KEY = { env: 'main', app: 'shop' }
const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const SHORT_MS = 20_000
const SLOTS_KEPT = 24
const MANY = 1_000

/** How much of each function there was in five minutes, at noon. */
const BUSINESS = {
  site: { containers: 2, calls: 900, ms: 55, cpu: 0.25, memory: 512 },
  search: { containers: 1, calls: 420, ms: 90, cpu: 0.25, memory: 512 },
  resizePhoto: { containers: 3, calls: 160, ms: 480, cpu: 1, memory: 2048 },
  exportOrders: { containers: 1, calls: 2, ms: 45_000, cpu: 0.25, memory: 512 },
} as const

type Name = keyof typeof BUSINESS

/** Adds to a state folder what containers of the shop did while they lived, and what became of its schedule. */
export async function fillPast(dir: string): Promise<void> {
  const store = openStore(storePath(dir))
  try {
    const { items } = await store.versions(KEY, { limit: 50 })
    const shown = items.filter(({ liveAt }) => liveAt !== undefined).reverse()
    for (const [i, { version, liveAt = 0 }] of shown.entries()) {
      const until = shown[i + 1]?.liveAt ?? systemClock.now()
      for (const name of Object.keys(BUSINESS) as Name[])
        await work(store, { name, version, since: liveAt, until })
    }
    await fire(store)
  } finally {
    store.close()
  }
}

interface Span {
  name: Name
  version: number
  since: number
  until: number
}

async function work(store: SqliteStore, span: Span): Promise<void> {
  const { name, version, since, until } = span
  const { containers, cpu, memory } = BUSINESS[name]
  for (let i = 0; i < containers; i++) {
    const container = await start(store, { name, version, at: since - SHORT_MS, cpu, memory })
    if (i === 0) await report(store, container, span)
    // Old containers end what they have begun while the new ones work already.
    await store.drainContainer(container.id, { deadline: until + HOUR_MS, reason: 'was replaced', at: until })
    await store.containerStopped(container.id, 'was replaced', until + 4 * MINUTE_MS)
  }
}

async function start(
  store: SqliteStore,
  { name, version, at, ...size }: { name: string; version: number; at: number; cpu: number; memory: number },
): Promise<Container> {
  const id = new LocalIds({ now: () => at }).next('co')
  const container: Container = {
    ...KEY,
    ...size,
    id,
    function: name,
    version,
    state: 'starting',
    running: 0,
    requests: 0,
    startedAt: at,
    launched: true,
    seenAt: at,
  }
  const others = (await store.containers(KEY)).filter(
    (other) => other.function === name && other.version === version && other.state !== 'draining',
  )
  const isNew = await store.reserveContainer(container, { expect: others.length, max: MANY })
  if (!isNew) throw new Error(`The past of ${name} v${version} cannot be told`)
  await store.containerLaunched(id)
  await store.containerReady(id, undefined, at + 2_400 + Math.round(Math.random() * 1_500))
  return container
}

async function report(store: SqliteStore, container: Container, { name, since, until }: Span): Promise<void> {
  let sequence = 0
  for (let at = slotOf(since); at < until; at += SLOT_MS) {
    sequence += 1
    await store.containerReported(container, 0, at, { ...counts(name, at), at, sequence })
  }
}

/** Busier by day than by night, and never quite the same. */
function counts(name: Name, at: number) {
  const { calls: most, ms, containers } = BUSINESS[name]
  const hour = (at % (24 * HOUR_MS)) / HOUR_MS
  const calls = Math.round(
    most * (0.35 + 0.3 * (1 - Math.cos((hour / 12) * Math.PI))) * (0.8 + Math.random() * 0.4),
  )
  const sum = noUsage()
  for (let i = 0; i < calls; i++) count(sum.durations, ms * (0.6 + Math.random() ** 3 * 2.5))
  for (let i = 0; i < calls; i++) count(sum.waits, 2 + Math.random() * 12)
  const errors = Math.round(calls * Math.random() * 0.015)
  const executed = name === 'site' ? { requests: calls, serverErrors: errors } : { calls, errors }
  return { ...sum, ...executed, busyMs: Math.min(SLOT_MS, Math.round((calls * ms) / containers)) }
}

/** Every quarter of an hour, and twice not well. */
async function fire(store: SqliteStore): Promise<void> {
  const app = await store.app(KEY)
  const version = app?.liveVersion ?? 0
  const now = systemClock.now()
  const container = await start(store, {
    name: 'syncStock',
    version,
    at: now - 7 * HOUR_MS,
    cpu: 0.25,
    memory: 512,
  })
  const last = now - (now % QUARTER_MS)
  for (let i = SLOTS_KEPT; i > 0; i--) {
    const slot = last - i * QUARTER_MS
    const firing = { ...KEY, function: 'syncStock', slot, at: slot + 300, forgetAt: now + 24 * HOUR_MS }
    if (i === 8) {
      await store.recordFiring({ ...firing, outcome: 'missed' })
      continue
    }
    const call = await run(store, container, { slot, version, fails: i === 4 || i === 5 })
    await store.recordFiring({ ...firing, outcome: 'fired', call })
  }
  await store.containerStopped(container.id, 'was idle', now)
}

async function run(
  store: SqliteStore,
  container: Container,
  { slot, version, fails }: { slot: number; version: number; fails: boolean },
): Promise<string> {
  const ids = new LocalIds({ now: () => slot })
  const [id, lease] = [ids.next('ca'), ids.next('le')]
  await store.acceptCall({
    ...KEY,
    id,
    function: 'syncStock',
    acceptedVersion: version,
    source: 'schedule',
    args: { json: '[]' },
    fingerprint: id,
    createdAt: slot + 300,
  })
  await store.claimCall(id, container, lease, slot + 320)
  const at = slot + 900 + Math.round(Math.random() * 900)
  const error = {
    name: 'Error',
    message: 'The warehouse answered 503',
    stack: 'Error: The warehouse answered 503\n    at syncStock (app.ts:41:11)',
  }
  await store.finishCall(
    id,
    lease,
    fails
      ? { status: 'failed', error, at }
      : { status: 'succeeded', result: { json: '{"products":1204}' }, at },
  )
  return id
}
