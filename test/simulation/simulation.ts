import { containerExited } from '../../control/containers.ts'
import { scheduleFired } from '../../control/schedules.ts'
import { sweep } from '../../control/sweep.ts'
import { SluiceError } from '../../protocol/errors.ts'
import { ACTIONS } from './actions.ts'
import { checkAtRest } from './at-rest.ts'
import { checkChannels, rememberChannels, TEAM } from './channels.ts'
import { SimulatedContainer } from './container.ts'
import { FaultInjector } from './fault-injector.ts'
import { History } from './history.ts'
import { Invariants } from './invariants.ts'
import { KEY } from './manifest.ts'
import { BUSY_MS, type Plan, type Step } from './plan.ts'
import { Random } from './random.ts'
import type { Stage } from './stage.ts'
import { Time } from './time.ts'
import { noteTransitions } from './transitions.ts'
import { isMisfortune } from './unreliable.ts'
import { checkUsage } from './usage.ts'
import { Visitors } from './visitors.ts'
import { World } from './world.ts'

/** So many of the latest calls are known to those who should not be given them. */
const MOST_KNOWN = 3
/** How long the world has to come to rest. Milliseconds. */
const REST_MS = 150_000

/** One run of the real domain in a world that a plan decides. Throws at the first broken promise. */
export class Simulation implements Stage {
  readonly time = new Time()
  readonly history = new History(this.time)
  readonly injector: FaultInjector
  readonly world: World
  readonly containers = new Map<string, SimulatedContainer>()
  readonly invariants: Invariants
  readonly visitors: Visitors
  readonly #plan: Plan
  /** Of what happens outside of the control plane. */
  readonly #random: Random
  #error: unknown

  constructor(plan: Plan) {
    this.#plan = plan
    this.injector = new FaultInjector(plan, this.time, this.history)
    this.#random = Random.of(plan.seed, 'outside')
    this.visitors = new Visitors(this, Random.of(plan.seed, 'visitors'))
    this.world = new World({
      time: this.time,
      random: Random.of(plan.seed, 'world'),
      injector: this.injector,
      history: this.history,
      launch: (id) => this.#launch(id),
      kill: (id) => this.#kill(id),
      onCrash: () => this.#restart(),
      onError: (error) => this.#note(error),
      onPoint: (endpoint) => this.visitors.retry(endpoint),
      requests: (id) => this.containers.get(id)?.requests ?? 0,
      onFiring: (word) => {
        const operation = () => scheduleFired(this.world.ports, word)
        if (this.#random.chance(0.5)) this.insist(operation)
        else this.attempt(operation)
      },
    })
    this.invariants = new Invariants(this.world, this.time, this.containers)
    noteTransitions(this.world.store, this.history)
    rememberChannels(this.world.store)
  }

  async run(): Promise<void> {
    await this.world.store.writeChannel(TEAM)
    const until = this.time.now + BUSY_MS
    for (const step of this.#plan.steps) this.time.after(step.at, () => this.#take(step))
    const end = until + REST_MS + this.world.clockErrorMs
    this.#tick(end)
    const check = () => {
      if (this.#error !== undefined) throw this.#error
    }
    await this.time.runUntil(until, check)
    this.injector.calm()
    await this.time.runUntil(end, check)
    await checkAtRest(this, KEY)
    checkChannels(this.world, this.history)
    checkUsage(
      this.world.store,
      [...this.containers.values()].map(({ usage }) => usage),
    )
  }

  /** Lets go of the store. */
  end(): void {
    this.world.store.close()
  }

  killOne(random: Random): boolean {
    if (!this.injector.occurs('death', 'somewhere')) return false
    const alive = [...this.containers.values()].filter((container) => container.alive)
    const one = random.pick(alive)
    one?.die()
    return one !== undefined
  }

  /** A person or program that asks; refusals are part of life, and so is a control plane that dies meanwhile. */
  attempt(operation: () => Promise<unknown>): void {
    operation().catch((error: unknown) => this.#note(error))
  }

  insist(operation: () => Promise<unknown>): void {
    operation().catch((error: unknown) => {
      if (isMisfortune(error)) this.time.after(500, () => this.insist(operation))
      else this.#note(error)
    })
  }

  assert(assertion: () => void): void {
    try {
      assertion()
    } catch (error) {
      this.#error ??= error
    }
  }

  #take({ number, action, seed, isDoomed }: Step): void {
    if (isDoomed) this.injector.doom()
    const note = (outcome: string, about = '') =>
      this.history.note('action', `${action}: ${outcome}`, `${about}step ${number}`)
    this.attempt(async () => {
      try {
        const done = await ACTIONS[action].act(this, new Random(seed))
        note(...outcomeOf(done))
      } catch (error) {
        note(error instanceof SluiceError ? error.code : isMisfortune(error) ? 'cut off' : 'broken')
        throw error
      }
    })
  }

  #tick(until: number): void {
    this.assert(() => this.invariants.lookAround(this.containers.values()))
    this.attempt(() => sweep(this.world.ports))
    if (this.time.now < until) this.time.after(5_000, () => this.#tick(until))
  }

  #launch(id: string): void {
    if (this.containers.has(id)) return
    const line = {
      time: this.time,
      random: this.#random,
      ports: () => this.world.ports,
      injector: this.injector,
      overheard: this.world.overheard,
      wait: (address: string) => this.world.wait(address),
      known: () => this.invariants.acceptedCalls.slice(-MOST_KNOWN).reverse(),
    }
    const container = new SimulatedContainer(id, line, {
      booted: (of, secrets) => this.assert(() => this.invariants.booted(of, secrets)),
      reported: (of, leases) => {
        const answered = this.invariants.reported(of, leases)
        return (revoked, directive) => this.assert(() => answered(revoked, directive))
      },
      began: (of, input) => this.assert(() => this.invariants.inputBegan(of, input)),
      exited: (of) => this.#exited(of),
      left: (of) => {
        this.history.note('event', 'process told to exit', of.id)
        this.assert(() => this.invariants.left(of, this.world.routes))
      },
    })
    this.containers.set(id, container)
    this.history.note('event', 'process launched', id)
    void container.run()
  }

  /** The platform tells of an exit a little later; where it cannot, the tick finds out. */
  #exited(container: SimulatedContainer): void {
    this.history.note('event', 'process exited', container.id)
    this.insist(() => containerExited(this.world.ports, container.id, { code: 0 }))
  }

  #kill(id: string): boolean {
    const container = this.containers.get(id)
    if (!container?.alive) return false
    const busy = container.running.size > 0 || container.requests > 0
    this.history.note('event', busy ? 'process killed at work' : 'process killed', id)
    this.assert(() => this.invariants.killed(container))
    container.kill()
    return true
  }

  #restart(): void {
    this.world.restart().catch((error: unknown) => this.#note(error))
    this.visitors.forget()
  }

  #note(error: unknown): void {
    if (isMisfortune(error) || error instanceof SluiceError) return
    this.#error ??= error
  }
}

/** What an action says it came to, or that it is done. */
function outcomeOf(done: unknown): [outcome: string, about?: string] {
  if (typeof done === 'string') return [done]
  if (typeof done !== 'object' || done === null) return ['done']
  if ('version' in done) return ['done', `v${done.version}, `]
  return 'id' in done ? ['done', `${done.id}, `] : ['done']
}
