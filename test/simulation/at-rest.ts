import assert from 'node:assert/strict'
import { type App, type Container, isTerminal, type Version } from '../../control/model.ts'
import { inEffect } from '../../control/overrides.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { FunctionSpec } from '../../protocol/manifest.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { Pauses } from './pauses.ts'
import { checkSecrets } from './secrets.ts'
import type { Situation } from './situation.ts'
import { checkStory, checkTold } from './told.ts'
import type { Visitors } from './visitors.ts'
import type { World } from './world.ts'

/** What must hold once nothing is lost, nobody dies, nobody asks, and time has passed. */
export async function checkAtRest(situation: Situation & { visitors: Visitors }, key: AppKey): Promise<void> {
  const { world, invariants, visitors, containers, time } = situation
  const { store } = world
  await checkCalls(store, invariants.acceptedCalls)
  assert.equal(visitors.waiting, 0, 'promise 5: web requests wait though the world is at rest')
  const app = await store.app(key)
  assert.notEqual(app?.state, 'stopping', 'promise 8: the stop never ended')
  assert.deepEqual(await store.rollingVersions(key), [], 'promise 9: a rollout never ended')
  const known = await store.containers(key)
  const outdated = known.filter(({ version }) => version !== app?.liveVersion)
  assert.deepEqual(outdated, [], 'promise 8: outdated containers are still there')
  const ids = new Set(known.map(({ id }) => id))
  const orphans = [...containers.values()].filter(({ alive, id }) => alive && !ids.has(id))
  assert.deepEqual(
    orphans.map(({ id }) => id),
    [],
    'promise 8: there are processes that nobody knows of',
  )
  const dead = known.filter(({ state, id }) => state === 'ready' && !containers.get(id)?.alive)
  assert.deepEqual(dead, [], 'promise 9: what has died is taken for ready')
  checkRecord(store)
  checkTold(world, time.now)
  await checkSecrets(store, world.secrets)
  checkStory(world)
  const live = app?.liveVersion === undefined ? undefined : await store.version(key, app.liveVersion)
  const { clockErrorMs } = world
  const liveSince = live?.liveAt ?? Number.POSITIVE_INFINITY
  await world.scheduler.checkAtRest(key, store, { liveSince, clockErrorMs })
  const wished = app && live && inEffect(app, live)
  checkWishes(Object.entries(wished?.manifest.functions ?? {}), known, world)
  const isWatched = live?.manifest.rollback && !live.automatic
  const isJudged = live?.steps.some(({ step }) => step === 'gate')
  assert.ok(!isWatched || isJudged, 'promise 9: nobody has judged the live version')
  checkStaged(world, app?.staged ?? [])
  checkPauses(store, invariants.pauses)
  if (live?.origin === 'promote')
    assert.ok(!app?.staged?.includes(live.fromVersion ?? 0), 'promise 2: what was promoted is still staged')
  if (app && live) checkOverrides(world, app, live)
}

async function checkCalls(store: SqliteStore, accepted: string[]): Promise<void> {
  for (const id of accepted) {
    const call = await store.call(id)
    const ended = call && isTerminal(call.status)
    assert.ok(ended, `promise 6: ${id} was accepted, and is ${call?.status} at rest`)
  }
}

function checkStaged({ store, routes }: World, told: number[]): void {
  const staged = numbers(store, `select version as n from versions where status = 'staged' order by n`)
  assert.deepEqual(told, staged, 'promise 2: the app says that others are staged')
  const reached = [...routes.values()].filter(({ endpoint }) => endpoint.staged)
  const versions = reached.map(({ endpoint }) => endpoint.version).sort((a, b) => a - b)
  assert.deepEqual(versions, staged, 'promise 8: other staged versions have an address')
}

/** A slot that came while its schedule was paused is none. */
function checkPauses(store: SqliteStore, pauses: Pauses): void {
  const sql = `select distinct substr(idempotency_key, length('schedule/nightly/') + 1) as n from calls
    where idempotency_key like 'schedule/nightly/%' and idempotency_key not like '%/run/%'`
  const fired = numbers(store, sql).filter((slot) => pauses.includes(slot))
  assert.deepEqual(fired, [], 'promise 8: a schedule fired while it was paused')
}

/** What was set by hand ends with the next version whose author has set it. */
function checkOverrides({ store, clockErrorMs }: World, app: App, live: Version): void {
  if (live.origin === 'rollover' || live.origin === 'start') return
  for (const [name, overrides] of Object.entries(app.autoscaler ?? {})) {
    const authored = live.manifest.functions[name]?.authored ?? []
    const sql = `select 1 from audit where record ->> 'action' = 'autoscaler.changed'
      and record ->> 'function' = $name and record ->> 'at' >= $since`
    const since = store.database.all(sql, { name, since: (live.liveAt ?? 0) - clockErrorMs })
    const ended = Object.keys(overrides).filter((field) => authored.some((one) => one === field))
    assert.ok(
      ended.length === 0 || since.length > 0,
      `promise 1: ${name} is not scaled as v${live.version} has it`,
    )
  }
}

/** Every change has been recorded, and none twice. */
function checkRecord(store: SqliteStore): void {
  const recorded = (action: string) =>
    numbers(
      store,
      `select record ->> 'version' as n from audit where record ->> 'action' = '${action}' order by n`,
    )
  const versions = (those: string) =>
    numbers(
      store,
      `select version as n from (
         select version, status, record from versions union all select version, status, record from gone
       ) where ${those} order by n`,
    )
  const collected = numbers(store, 'select version as n from gone order by n')
  assert.deepEqual(recorded('version.collected'), collected, 'a collection was not recorded once')
  assert.deepEqual(recorded('version.begun'), versions('true'), 'a deploy was not recorded once')
  assert.deepEqual(recorded('version.live'), versions(`record ->> 'liveAt' > 0`), 'nor a cutover')
  assert.deepEqual(recorded('version.failed'), versions(`status = 'failed'`), 'nor a failure')
  assert.ok(recorded('app.stopped').length <= recorded('app.stopping').length, 'an app stopped unasked')
}

function numbers(store: SqliteStore, sql: string): number[] {
  return store.database.all(sql).map(({ n }) => Number(n))
}

/** The platform is as the live version wishes it; of an app that is not live, nothing is left. */
function checkWishes(functions: [string, FunctionSpec][], containers: Container[], world: World): void {
  const scheduled = functions.flatMap(([name, { schedule }]) => (schedule ? [name] : []))
  assert.deepEqual(
    world.scheduler.functions,
    scheduled,
    'promise 8: the schedules are not those that were wished',
  )
  const web = functions.flatMap(([name, { kind }]) => (kind === 'web' ? [name] : []))
  const routes = [...world.routes.values()].filter(({ endpoint }) => !endpoint.staged)
  const addresses = routes.map(({ endpoint }) => endpoint.function)
  assert.deepEqual(addresses, web, 'promise 8: the addresses are not those that were wished')
  const ready = (name: string) =>
    containers.filter((container) => container.function === name && container.state === 'ready')
  for (const { endpoint, targets } of routes) {
    const pointed = targets.map(({ container }) => container).sort()
    const expected = ready(endpoint.function).map(({ id }) => id)
    assert.deepEqual(pointed, expected.sort(), 'promise 9: requests are sent elsewhere')
  }
  for (const [name, spec] of functions) {
    // What a schedule runs is never at rest.
    if (spec.env.BROKEN || spec.schedule) continue
    assert.equal(ready(name).length, spec.minContainers, `promise 9: the warm pool of ${name} is another`)
  }
}
