import assert from 'node:assert/strict'
import type { Call } from '../../control/model.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { Input } from '../../protocol/calls.ts'
import type { Reported, SimulatedContainer } from './container.ts'
import type { SimulatedIngress } from './ingress.ts'
import { Pauses } from './pauses.ts'
import { watchOver } from './promises/all.ts'
import { secretsOf } from './secrets.ts'
import type { Time } from './time.ts'
import type { World } from './world.ts'

/** What may pass until a container that nobody answers is killed, though its time is up. */
const OVERDUE_MS = 60_000
/** So long nobody can know whether an input has arrived. */
const ARRIVES_MS = 3_000
const STALE_MS = 1_000

/** What must hold of what happens, asserted as it happens. */
export class Invariants {
  /** Calls that somebody was told are accepted. */
  readonly acceptedCalls: string[] = []
  readonly pauses: Pauses
  readonly #claimedAt = new Map<string, number>()
  readonly #store: SqliteStore
  readonly #time: Time
  readonly #world: Pick<World, 'clockErrorMs' | 'silenceMs'>

  constructor(world: World, time: Time, containers: ReadonlyMap<string, SimulatedContainer>) {
    this.#store = world.store
    this.#time = time
    this.#world = world
    this.pauses = new Pauses(time, world.clockErrorMs)
    const targets = () =>
      [...world.routes.values()].flatMap((route) => (route.endpoint.staged ? [] : route.targets))
    watchOver(world.store, {
      isOlderReached: (version) => targets().some((target) => target.version < version),
      isReached: (id) => targets().some(({ container }) => container === id),
      wasLaunched: (id) => world.wasLaunched(id),
      claimed: (lease, since) => {
        // Whoever stood still before it was written takes it for older than it is.
        if (time.now - since < STALE_MS) this.#claimedAt.set(lease, time.now)
      },
      isOnItsWay: (id, lease) => {
        const claimedAt = this.#claimedAt.get(lease) ?? 0
        return time.now - claimedAt < ARRIVES_MS && containers.get(id)?.isWell === true
      },
      isLeftOver: () => world.routes.size > 0 || world.scheduler.functions.length > 0,
      now: () => time.now,
      clockErrorMs: world.clockErrorMs,
    })
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
    this.acceptedCalls.push(call.id)
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
    // Of one that gives no sign of life nobody can know that it works on.
    const { silenceMs, clockErrorMs } = this.#world
    const silent = container.silentMs > silenceMs
    const latest = this.#time.now + clockErrorMs
    // Whoever is taken for dead is given no time: that it is not so is not seen by its deadline.
    const mistaken = String(row?.reason).startsWith('gave no sign of life')
    const early = mistaken || Number(row?.drain_deadline ?? 0) > latest
    assert.ok(
      !busy || silent || container.isCondemned || !early,
      `promise 4: ${container.id} was killed at work, before its deadline (${row?.reason})`,
    )
  }

  /** Now and then: what has lasted for too long. */
  lookAround(containers: Iterable<SimulatedContainer>): void {
    const now = this.#time.now
    for (const container of containers) {
      if (!container.alive) continue
      const row = this.#store.database.get('select drain_deadline from containers where id = $id', {
        id: container.id,
      })
      const deadline = Number(row?.drain_deadline ?? now)
      assert.ok(
        deadline >= now - OVERDUE_MS - this.#world.clockErrorMs,
        `promise 4: ${container.id} stays beyond its deadline`,
      )
    }
  }

  /** What had ended before a container said that it works on it, it is told to let go of; and that it drains, where it does. */
  reported({ id }: SimulatedContainer, leases: string[]): Reported {
    const sql = `select lease from calls where lease in (select value from json_each($leases))
      and status not in ('pending', 'running')`
    const ended = this.#store.database.all(sql, { leases: JSON.stringify(leases) })
    const row = this.#store.database.get('select state from containers where id = $id', { id })
    return (revoked, directive) => {
      const untold = ended.filter(({ lease }) => !revoked.includes(String(lease)))
      assert.deepEqual(untold, [], 'promise 6: a container was not told that a call has ended')
      assert.ok(
        row?.state !== 'draining' || directive !== 'work',
        `promise 3: ${id} drains, and was not told so`,
      )
    }
  }

  /** It was told to exit: nothing may be in it, or on its way to it. */
  left(container: SimulatedContainer, routes: SimulatedIngress['routes']): void {
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
}
