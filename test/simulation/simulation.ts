import assert from 'node:assert/strict'
import { changeAutoscaler } from '../../control/autoscaler.ts'
import { accept } from '../../control/calls.ts'
import { collectDue } from '../../control/collect.ts'
import { containerExited } from '../../control/containers.ts'
import { deploy } from '../../control/deploy.ts'
import type { Channel } from '../../control/notice-model.ts'
import type { Endpoint, Target } from '../../control/ports.ts'
import { promote } from '../../control/promote.ts'
import { rollback } from '../../control/rollback.ts'
import { rollover } from '../../control/rollover.ts'
import { pauseSchedule, resumeSchedule } from '../../control/schedule-requests.ts'
import { scheduleFired } from '../../control/schedules.ts'
import { start } from '../../control/start.ts'
import { stop } from '../../control/stop.ts'
import { sweep } from '../../control/sweep.ts'
import { unstage } from '../../control/unstage.ts'
import { setWaiting } from '../../control/wake.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { Manifest } from '../../protocol/manifest.ts'
import { SimulatedContainer } from './container.ts'
import { Invariants } from './invariants.ts'
import { Crash, type Faults, World } from './ports.ts'
import { Random } from './random.ts'
import { clearSecrets, rotate, SECRET } from './secrets.ts'
import { Time } from './time.ts'
import { checkUsage } from './usage.ts'

export const KEY = { env: 'main', app: 'shop' }

const CHANNEL: Channel = {
  id: 'ch-1',
  env: KEY.env,
  name: 'team',
  target: { webhook: 'https://hooks.test' },
  muted: [],
  createdAt: 0,
  createdBy: 'ann',
  health: { lost: 0 },
}

/** How long authors, callers and faults are at work, and how long the world then has to come to rest. Milliseconds. */
const BUSY_MS = 45_000
const REST_MS = 150_000

const PUNCTUAL = { loss: 0, doubling: 0, late: 0, lateMs: 0 }
/** Shorter than authors may have it, so that much comes in a short time. */
const PERIOD_SECONDS = 7

const CALM = { crash: 0, loss: 0, doubling: 0, refusal: 0, pending: 0 }

/** A web request that has found no container yet, at the address of the live version or of a staged one. */
interface Waiter {
  label?: string
}

/** One run of the real domain in a world that one seed decides. Throws at the first broken promise. */
export class Simulation {
  readonly time = new Time()
  readonly random: Random
  readonly faults: Faults
  readonly world: World
  readonly containers = new Map<string, SimulatedContainer>()
  readonly invariants: Invariants
  readonly #waiting = new Set<Waiter>()
  #error: unknown
  #builds = 0

  constructor(seed: number) {
    this.random = new Random(seed)
    const stormy = this.random.chance(0.7)
    this.faults = stormy
      ? {
          crash: this.random.next() * 0.01,
          loss: this.random.next() * 0.05,
          doubling: 0.1,
          refusal: this.random.next() * 0.2,
          pending: this.random.next() * 0.5,
        }
      : { ...CALM }
    this.world = new World({
      time: this.time,
      random: this.random,
      faults: this.faults,
      launch: (id) => this.#launch(id),
      kill: (id) => this.#kill(id),
      onCrash: () => this.#restart(),
      onError: (error) => this.#note(error),
      onPoint: (endpoint) => this.#retryWaiting(endpoint),
      isReleased: (id) => this.#isReleased(id),
      schedulerFaults: stormy ? { loss: 0.2, doubling: 0.2, late: 0.3, lateMs: 25_000 } : PUNCTUAL,
      onFiring: (word) => this.#attempt(() => scheduleFired(this.world.ports, word), this.random.chance(0.5)),
    })
    this.invariants = new Invariants(this.world.store, this.time)
  }

  async run(): Promise<void> {
    await this.world.store.writeChannel(CHANNEL)
    const until = this.time.now + BUSY_MS
    for (let at = 0; at < BUSY_MS; at += this.random.between(20, 1_500))
      this.time.after(at, () => this.#happen())
    this.#tick(until + REST_MS)
    const check = () => {
      if (this.#error !== undefined) throw this.#error
    }
    await this.time.runUntil(until, check)
    Object.assign(this.faults, CALM)
    await this.time.runUntil(until + REST_MS, check)
    const alive = [...this.containers.values()].filter((container) => container.alive)
    await this.invariants.checkAtRest(KEY, this.world, alive, this.#waiting.size)
    checkUsage(
      this.world.store,
      [...this.containers.values()].map(({ usage }) => usage),
    )
    this.world.store.close()
  }

  #tick(until: number): void {
    this.#attempt(() => sweep(this.world.ports))
    if (this.time.now < until) this.time.after(5_000, () => this.#tick(until))
  }

  #happen(): void {
    const { ports } = this.world
    const strategy = this.random.chance(0.15) ? 'recreate' : 'rolling'
    const dice = this.random.next()
    if (dice < 0.1) this.#attempt(() => this.#deploy(strategy))
    else if (dice < 0.12) this.#attempt(() => this.#deploy(strategy, { staged: true }))
    else if (dice < 0.13) this.#attempt(() => this.#endStaged(strategy))
    else if (dice < 0.16) this.#attempt(() => rollback(ports, { key: KEY, strategy, by: 'ann' }))
    else if (dice < 0.18) this.#attempt(() => rollover(ports, { key: KEY, strategy, by: 'ann' }))
    else if (dice < 0.19) this.#attempt(() => this.#stop())
    else if (dice < 0.2) this.#attempt(() => this.#collect())
    else if (dice < 0.23) this.#killOne()
    else if (dice < 0.25) this.#attempt(() => this.#pauseOrResume())
    else if (dice < 0.29) this.#attempt(() => this.#scaleOtherwise())
    else if (dice < 0.31) this.#attempt(() => start(ports, { key: KEY, by: 'ann' }))
    else if (dice < 0.33) this.#attempt(() => rotate(ports, String(this.#builds++)))
    else if (dice < 0.34) this.#attempt(() => clearSecrets(ports))
    else if (dice < 0.56) this.#request({})
    else if (dice < 0.6) this.#visitStaged()
    else this.#attempt(() => this.#call())
  }

  async #deploy(strategy: 'rolling' | 'recreate', { staged = false } = {}): Promise<void> {
    const { random } = this
    const broken = random.chance(0.15)
    const bad = random.chance(0.3)
    // None of its functions can start.
    const whole = broken ? { BROKEN: '1' } : {}
    const scale = (max: number) => ({
      ...(random.chance(0.5) && { minContainers: random.between(0, Math.min(2, max)) }),
      maxContainers: max,
      env: { ...whole, ...(bad && { BAD: '1' }) },
    })
    const manifest = Manifest.parse({
      app: KEY.app,
      ...(random.chance(0.5) && { rollback: { window: 10, minCalls: 10 } }),
      bundle: { code: { path: 'app.mjs', sha256: String(this.#builds++).padStart(64, '0'), size: 1 } },
      functions: {
        work: {
          kind: 'plain',
          timeout: 30,
          concurrency: random.between(1, 3),
          scaledownWindow: 5,
          retries: { max: 1 },
          ...scale(random.between(2, 4)),
        },
        page: {
          kind: 'web',
          secrets: random.chance(0.5) ? [SECRET.name] : [],
          timeout: 30,
          concurrency: 10,
          scaledownWindow: 5,
          ...scale(random.between(1, 3)),
        },
        ...(random.chance(0.5) && {
          nightly: { kind: 'scheduled', schedule: { type: 'period', seconds: 86_400 }, env: whole },
        }),
        ...(random.chance(0.5) && {
          extra: { kind: 'plain', timeout: 30, scaledownWindow: 5, env: whole },
        }),
      },
    })
    const schedule = manifest.functions.nightly?.schedule
    if (schedule?.type === 'period') schedule.seconds = random.between(PERIOD_SECONDS, PERIOD_SECONDS + 1)
    await deploy(this.world.ports, { key: KEY, manifest, by: 'ann', strategy, staged })
  }

  async #endStaged(strategy: 'rolling' | 'recreate'): Promise<void> {
    const app = await this.world.store.app(KEY)
    const version = this.random.pick(app?.staged ?? [])
    if (version === undefined) return
    const request = { key: KEY, version, by: 'ann' }
    if (this.random.chance(0.7)) await promote(this.world.ports, { ...request, strategy })
    else await unstage(this.world.ports, request)
  }

  /** As though what is kept had grown old: a day has no room in a run. */
  async #collect(): Promise<void> {
    const app = await this.world.store.app(KEY)
    if (app?.state === 'deployed') await collectDue(this.world.ports, app)
  }

  async #stop(): Promise<void> {
    const stopped = await stop(this.world.ports, { key: KEY, by: 'ann' })
    const app = await this.world.store.app(KEY)
    // It may have been deployed meanwhile, and be stopping once more.
    if (app?.state === 'stopping' && app.stoppedAt === stopped.stoppedAt)
      assert.equal(this.world.routes.size, 0, 'promise 8: a stopped app has an address')
  }

  /** Within what any version allows, which is what the promise is held to. */
  async #scaleOtherwise(): Promise<void> {
    const { random } = this
    const orNot = (count: number) => (random.chance(0.3) ? null : count)
    await changeAutoscaler(this.world.ports, {
      key: KEY,
      function: random.chance(0.5) ? 'work' : 'page',
      patch: { minContainers: orNot(random.between(0, 2)), maxContainers: orNot(1) },
      by: 'ann',
    })
  }

  async #pauseOrResume(): Promise<void> {
    const request = { key: KEY, function: 'nightly', by: 'ann' }
    const change = this.random.chance(0.3) ? pauseSchedule : resumeSchedule
    await change(this.world.ports, request)
  }

  async #call(): Promise<void> {
    const name = this.random.chance(0.8) ? 'work' : 'extra'
    const app = await this.world.store.app(KEY)
    const choices = [this.#pin(app?.liveVersion), ...(app?.staged ?? [])]
    const pinned = this.random.chance(0.25) ? this.random.pick(choices) : undefined
    const acked = this.invariants.acknowledged()
    const call = await accept(this.world.ports, {
      key: KEY,
      function: name,
      args: { json: '[]' },
      source: 'api',
      by: 'ann',
      version: pinned,
    })
    this.invariants.accepted(call, acked)
  }

  /** The live version, or any one before it. */
  #pin(live: number | undefined): number | undefined {
    return live !== undefined && this.random.chance(0.5) ? this.random.between(1, live) : live
  }

  /** A web request: it goes to the least busy target, or waits for one, and takes its time there. */
  #request(waiter: Waiter): void {
    const route = [...this.world.routes.values()].find(({ endpoint }) =>
      waiter.label === undefined
        ? endpoint.function === 'page' && !endpoint.staged
        : endpoint.label === waiter.label,
    )
    if (!route || route.fault !== undefined) {
      this.#leave(waiter)
      return
    }
    const alive = route.targets.flatMap((target) => this.#serving(target))
    const target = alive.sort((a, b) => a.requests - b.requests)[0]
    if (!target) {
      this.#wait(route.endpoint, waiter)
      return
    }
    this.#leave(waiter)
    const { staged, version } = route.endpoint
    this.#assert(() => this.invariants.requestBegan(target, staged && version))
    target.requests++
    this.time.after(
      this.random.chance(0.1) ? this.random.between(1_000, 15_000) : this.random.between(1, 300),
      () => {
        if (target.alive) target.requests--
      },
    )
  }

  #serving(target: Target): SimulatedContainer[] {
    const container = this.containers.get(target.container)
    return container?.alive ? [container] : []
  }

  #visitStaged(): void {
    const staged = [...this.world.routes.values()].filter(({ endpoint }) => endpoint.staged)
    const route = this.random.pick(staged)
    if (route) this.#request({ label: route.endpoint.label })
  }

  #wait(endpoint: Endpoint, waiter: Waiter): void {
    this.#waiting.add(waiter)
    this.#tellWaiting(endpoint)
  }

  #leave(waiter: Waiter): void {
    this.#waiting.delete(waiter)
  }

  #tellWaiting(endpoint: Endpoint): void {
    const { env, app, function: name, version, staged } = endpoint
    const whom = { env, app, function: name, ...(staged && { pin: version }) }
    const count = () => this.#waitersFor(endpoint).length
    this.#attempt(async () => {
      const told = count()
      await setWaiting(this.world.ports, whom, told)
      // The words of an ingress do not overtake each other: the last one is what is so now.
      if (count() !== told) this.#tellWaiting(endpoint)
    }, true)
  }

  #waitersFor({ label, staged }: Endpoint): Waiter[] {
    return [...this.#waiting].filter((waiter) => waiter.label === (staged && label))
  }

  #retryWaiting(endpoint: Endpoint): void {
    if (this.#waiting.size === 0 || endpoint.function !== 'page') return
    const route = this.world.routes.get(endpoint.label)
    if (route && route.targets.length === 0 && route.fault === undefined) return
    for (const waiter of this.#waitersFor(endpoint)) this.#request(waiter)
    this.time.after(1, () => this.#tellWaiting(endpoint))
  }

  #launch(id: string): void {
    if (this.containers.has(id)) return
    const line = { time: this.time, random: this.random, ports: this.world.ports, loss: this.faults.loss }
    const container = new SimulatedContainer(id, line, {
      booted: (of, secrets) => this.#assert(() => this.invariants.booted(of, secrets)),
      began: (of, input) => this.#assert(() => this.invariants.inputBegan(of, input)),
      exited: (of) => this.#exited(of),
      left: (of) => this.#assert(() => this.invariants.left(of, this.world.routes)),
    })
    this.containers.set(id, container)
    void container.run()
  }

  /** The platform tells of an exit a little later; where it cannot, the tick finds out. */
  #exited(container: SimulatedContainer): void {
    this.time.after(this.random.between(1, 50), () =>
      this.#attempt(() => containerExited(this.world.ports, container.id, { code: 0 }), true),
    )
  }

  #kill(id: string): boolean {
    const container = this.containers.get(id)
    if (!container?.alive) return false
    this.#assert(() => this.invariants.killed(container))
    container.die()
    return true
  }

  #killOne(): void {
    if (this.faults.crash === 0) return
    const alive = [...this.containers.values()].filter((container) => container.alive)
    this.random.pick(alive)?.die()
  }

  #isReleased(id: string): boolean {
    return (
      [...this.world.routes.values()].every(({ targets }) =>
        targets.every(({ container }) => container !== id),
      ) && (this.containers.get(id)?.requests ?? 0) === 0
    )
  }

  #restart(): void {
    this.world.restart().catch((error: unknown) => this.#note(error))
    this.#waiting.clear()
  }

  /** A person or program that asks; refusals are part of life, and so is a control plane that dies meanwhile. */
  #attempt(operation: () => Promise<unknown>, insist = false): void {
    operation().catch((error: unknown) => {
      if (insist && error instanceof Crash) this.time.after(500, () => this.#attempt(operation, insist))
      else this.#note(error)
    })
  }

  /** A promise that is found broken in the middle of an operation ends the run, not just the operation. */
  #assert(assertion: () => void): void {
    try {
      assertion()
    } catch (error) {
      this.#error ??= error
    }
  }

  #note(error: unknown): void {
    if (error instanceof Crash || error instanceof SluiceError) return
    this.#error ??= error
  }
}
