import assert from 'node:assert/strict'
import { type Call, type Container, isTerminal } from '../../control/model.ts'
import { inEffect } from '../../control/overrides.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { Input } from '../../protocol/calls.ts'
import type { FunctionSpec } from '../../protocol/manifest.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { SimulatedContainer } from './container.ts'
import type { World } from './ports.ts'
import { checkSecrets, secretsOf } from './secrets.ts'
import type { Time } from './time.ts'

/**
 * What must always hold of what is stored, by the numbers of the design's section 4, as triggers: the very write that
 * breaks a promise is refused, and seen.
 */
const PROMISES = `
  create trigger versions_are_gapless before insert on versions
    when new.version <> (select last_version from apps)
    begin select raise(abort, 'promise 1: a gap in the version numbers'); end;
  create trigger numbers_only_rise before update on apps
    when new.last_version not in (old.last_version, old.last_version + 1)
    begin select raise(abort, 'promise 1: a gap in the version numbers, or one that comes again'); end;
  create trigger what_serves_is_kept before delete on versions
    when old.status not in ('superseded', 'failed')
    begin select raise(abort, 'promise 8: a version was collected that has not ended'); end;
  create table gone (version integer, status text, record text);
  create trigger what_is_collected_is_remembered after delete on versions
    begin insert into gone values (old.version, old.status, old.record); end;
  create trigger versions_are_immutable before update on versions
    when old.record ->> 'manifestHash' <> new.record ->> 'manifestHash' or old.manifest <> new.manifest
    begin select raise(abort, 'promise 1: a version was changed'); end;
  create trigger one_is_live before update on versions
    when new.status = 'live' and exists (select 1 from versions where status = 'live' and version <> new.version)
    begin select raise(abort, 'promise 2: two versions are live'); end;
  create trigger newer_stays before update on apps
    when new.live_version < old.live_version
    begin select raise(abort, 'promise 2: an older version replaced a newer one'); end;
  create trigger ends_are_final before update on calls
    when old.status not in ('pending', 'running')
    begin select raise(abort, 'promise 6: a call ended twice'); end;
  create trigger outdated_claims_nothing before update on calls
    when old.status = 'pending' and new.status = 'running' and new.pin is null
      and exists (select 1 from versions v, json_each(v.record, '$.steps') step
                  where v.version > new.version and step.value ->> 'step' = 'cutover')
    begin select raise(abort, 'promise 3: an outdated container was given a call'); end;
  create trigger draining_claims_nothing before update on calls
    when old.status = 'pending' and new.status = 'running'
      and (select state from containers where id = new.container) <> 'ready'
    begin select raise(abort, 'promise 3: a draining container was given a call'); end;
  create trigger results_are_of_the_lease before update on calls
    when new.status = 'succeeded' and new.result ->> 'json' <> '"' || new.lease || '"'
    begin select raise(abort, 'promise 6: a result of a lease that was lost'); end;
  create trigger what_cannot_start_is_not_live before update on versions
    when new.status = 'live' and new.manifest ->> '$.functions.work.env.BROKEN' is not null
      and exists (select 1 from json_each(new.record, '$.steps') where value ->> 'step' = 'start')
    begin select raise(abort, 'promise 7: a version that cannot start went live'); end;
  create trigger limits_hold after insert on containers
    when (select count(*) from containers where function = new.function and state in ('starting', 'ready')
            and (new.apart is null and apart is null or version = new.version))
       > (select max(v.manifest ->> ('$.functions.' || new.function || '.maxContainers')) from versions v
          where v.version in (select version from containers where function = new.function and state in ('starting', 'ready')
            and (new.apart is null and apart is null or version = new.version)))
    begin select raise(abort, 'promise 10: more containers than allowed'); end;
  create trigger rolls_back_once before insert on versions
    when new.record ->> 'automatic' = 1 and exists (select 1 from versions
      where record ->> 'automatic' = 1 and record ->> 'replaced' = new.record ->> 'replaced')
    begin select raise(abort, 'promise 2: a version was rolled back by itself twice'); end;
  create trigger rolls_back_what_is_bad before insert on versions
    when new.record ->> 'automatic' = 1 and not exists (select 1 from versions
      where version = new.record ->> 'replaced' and status = 'live' and manifest ->> '$.functions.work.env.BAD' = '1')
    begin select raise(abort, 'promise 2: a version was rolled back by itself that was not bad, or not live'); end;
  create trigger staged_never_lives before update on versions
    when old.record ->> 'staged' = 1 and new.status in ('live', 'rolling')
    begin select raise(abort, 'promise 2: a staged version went live by itself'); end;
  create trigger staged_claims_what_asks_for_it before update on calls
    when old.status = 'pending' and new.status = 'running' and new.pin is null
      and (select record ->> 'staged' from versions where version = new.version) = 1
    begin select raise(abort, 'promise 3: a staged version was given a call that did not ask for it'); end;
`

/** Milliseconds by which a notice has arrived where nothing is lost any more. */
const ARRIVES_MS = 20_000

/** What must hold of what happens: asserted as it happens, and once the world has come to rest. */
export class Invariants {
  readonly #accepted: string[] = []
  readonly #store: SqliteStore
  readonly #time: Time

  constructor(store: SqliteStore, time: Time) {
    this.#store = store
    this.#time = time
    store.database.connection.exec(PROMISES)
  }

  /** The highest version whose cutover somebody could have been told of. */
  acknowledged(): number {
    const sql = `select coalesce(max(version), 0) as n from versions v
      where exists (select 1 from json_each(v.record, '$.steps') where value ->> 'step' = 'cutover')`
    return Number(this.#store.database.get(sql)?.n)
  }

  accepted(call: Call, acknowledgedBefore: number): void {
    // What is pinned is fenced by its pin; it may be one of a staged version, while none is live.
    assert.ok(
      call.pin !== undefined || call.acceptedVersion >= acknowledgedBefore,
      `promise 3: ${call.id} was accepted for an outdated version`,
    )
    this.#accepted.push(call.id)
  }

  inputBegan(container: SimulatedContainer, input: Input): void {
    const call = this.#store.database.get('select pin, accepted_version from calls where lease = $lease', {
      lease: input.lease,
    })
    if (!call) return
    const fits =
      call.pin === null
        ? container.version >= Number(call.accepted_version)
        : container.version === Number(call.pin)
    assert.ok(fits, `promise 3: ${input.callId} was given to a container of v${container.version}`)
  }

  booted({ version, functionName }: SimulatedContainer, secrets: Record<string, string>): void {
    assert.deepEqual(
      secrets,
      secretsOf(this.#store, version, functionName),
      `secrets: ${functionName} of v${version} was given other values than it was deployed with`,
    )
  }

  /** @param staged the version at whose own address it came, where that is not the live one's */
  requestBegan(container: SimulatedContainer, staged: number | undefined): void {
    if (staged !== undefined) {
      assert.equal(container.version, staged, `promise 3: a request for v${staged} went elsewhere`)
      return
    }
    const newest = this.acknowledged()
    assert.ok(
      container.version >= newest,
      `promise 3: v${container.version} was given a web request after v${newest} was acknowledged`,
    )
  }

  /** The platform was told to kill it. */
  killed(container: SimulatedContainer): void {
    const row = this.#store.database.get('select drain_deadline, reason from containers where id = $id', {
      id: container.id,
    })
    const busy = container.running.size > 0 || container.requests > 0
    const early = Number(row?.drain_deadline ?? 0) > this.#time.now
    assert.ok(
      !busy || !early,
      `promise 4: ${container.id} was killed at work, before its deadline (${row?.reason})`,
    )
  }

  /** It was told to exit: nothing may be in it, or on its way to it. */
  left(container: SimulatedContainer, routes: World['routes']): void {
    const sql = `select id from calls where container = $id and status = 'running'`
    const running = this.#store.database.all(sql, { id: container.id })
    assert.deepEqual(running, [], `promise 4: ${container.id} was told to exit while it ran calls`)
    assert.equal(
      container.requests,
      0,
      `promise 4: ${container.id} was told to exit while it served requests`,
    )
    const targets = [...routes.values()].flatMap((route) => route.targets.map((target) => target.container))
    assert.ok(
      !targets.includes(container.id),
      `promise 5: ${container.id} left while requests were sent to it`,
    )
  }

  async checkAtRest(key: AppKey, world: World, alive: SimulatedContainer[], waiting: number): Promise<void> {
    for (const id of this.#accepted) {
      const call = await this.#store.call(id)
      const ended = call && isTerminal(call.status)
      assert.ok(ended, `promise 6: ${id} was accepted, and is ${call?.status} at rest`)
    }
    assert.equal(waiting, 0, 'promise 5: web requests wait though the world is at rest')
    const app = await this.#store.app(key)
    assert.notEqual(app?.state, 'stopping', 'promise 8: the stop never ended')
    assert.deepEqual(await this.#store.rollingVersions(key), [], 'promise 9: a rollout never ended')
    const containers = await this.#store.containers(key)
    const outdated = containers.filter(({ version }) => version !== app?.liveVersion)
    assert.deepEqual(outdated, [], 'promise 8: outdated containers are still there')
    const known = new Set(containers.map(({ id }) => id))
    const orphans = alive.filter(({ id }) => !known.has(id)).map(({ id }) => id)
    assert.deepEqual(orphans, [], 'promise 8: there are processes that nobody knows of')
    this.#checkRecord()
    this.#checkTold(world)
    await checkSecrets(this.#store, world.secrets)
    this.#checkStory(world)
    const live = app?.liveVersion === undefined ? undefined : await this.#store.version(key, app.liveVersion)
    await world.scheduler.checkAtRest(key, this.#store, live?.liveAt ?? Number.POSITIVE_INFINITY)
    const wished = app && live && inEffect(app, live)
    checkWishes(Object.entries(wished?.manifest.functions ?? {}), containers, world)
    const isWatched = live?.manifest.rollback && !live.automatic
    const isJudged = live?.steps.some(({ step }) => step === 'gate')
    assert.ok(!isWatched || isJudged, 'promise 9: nobody has judged the live version')
    const staged = this.#numbers(`select version as n from versions where status = 'staged' order by n`)
    assert.deepEqual(app?.staged ?? [], staged, 'promise 2: the app says that others are staged')
    const reached = [...world.routes.values()].filter(({ endpoint }) => endpoint.staged)
    const versions = reached.map(({ endpoint }) => endpoint.version).sort((a, b) => a - b)
    assert.deepEqual(versions, staged, 'promise 8: other staged versions have an address')
  }

  /** Every change has been recorded, and none twice. */
  #checkRecord(): void {
    const recorded = (action: string) =>
      this.#numbers(
        `select record ->> 'version' as n from audit where record ->> 'action' = '${action}' order by n`,
      )
    const versions = (those: string) =>
      this.#numbers(
        `select version as n from (
           select version, status, record from versions union all select version, status, record from gone
         ) where ${those} order by n`,
      )
    const collected = this.#numbers('select version as n from gone order by n')
    assert.deepEqual(recorded('version.collected'), collected, 'a collection was not recorded once')
    assert.deepEqual(recorded('version.begun'), versions('true'), 'a deploy was not recorded once')
    assert.deepEqual(recorded('version.live'), versions(`record ->> 'liveAt' > 0`), 'nor a cutover')
    assert.deepEqual(recorded('version.failed'), versions(`status = 'failed'`), 'nor a failure')
    assert.ok(recorded('app.stopped').length <= recorded('app.stopping').length, 'an app stopped unasked')
  }

  /** Whoever wants to hear of a failed rollout has heard of each, whatever was lost and whoever died. */
  #checkTold(world: World): void {
    const failed = this.#numbers(
      `select version as n from (
         select version, status from versions union all select version, status from gone
       ) where status = 'failed' order by n`,
    )
    const told = [...world.heard.keys()].flatMap(
      (id) => id.match(/^rollout_failed\/main\/shop\/(\d+)$/)?.[1] ?? [],
    )
    assert.deepEqual(
      told.map(Number).sort((a, b) => a - b),
      failed,
      'a failed rollout was not told',
    )
    // What a schedule runs may fail to the last moment.
    const since = this.#time.now - ARRIVES_MS
    const sql = `select record ->> 'at' as n from notices where due_at is not null
      union all select created_at from deliveries where due_at is not null`
    const old = this.#numbers(sql).filter((at) => at < since)
    assert.deepEqual(old, [], 'a notice never arrived')
  }

  /** The log tells of every version that went live or failed, and before that it began, also where somebody died in between. */
  #checkStory({ story }: World): void {
    const sql = `select version as n, iif(status = 'failed', 'fail-failed', 'cutover-done') as last from versions
      where status = 'failed' or exists (select 1 from json_each(record, '$.steps')
        where value ->> 'step' = 'cutover' and value ->> 'state' = 'done')`
    for (const { n, last } of this.#store.database.all(sql)) {
      const [begun, ended] = [story.get(`v${n}/begun`), story.get(`v${n}/${last}`)]
      assert.ok(begun && ended && begun.at <= ended.at, `the log does not tell of v${n} (${last})`)
    }
  }

  #numbers(sql: string): number[] {
    return this.#store.database.all(sql).map(({ n }) => Number(n))
  }
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
