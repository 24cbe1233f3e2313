import type { Endpoint, Target } from '../../control/ports.ts'
import { setWaiting } from '../../control/wake.ts'
import type { SimulatedContainer } from './container.ts'
import type { Random } from './random.ts'
import type { Situation } from './situation.ts'

/** A web request that has found no container yet, at the address of the live version or of a staged one. */
interface Waiter {
  label?: string
}

/** Of the function that serves web requests. */
const TIMEOUT_MS = 30_000

/** Those who send web requests. */
export class Visitors {
  readonly #situation: Situation
  readonly #random: Random
  readonly #waiting = new Set<Waiter>()

  constructor(situation: Situation, random: Random) {
    this.#situation = situation
    this.#random = random
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** At the address of the live version. */
  visit(): void {
    this.#request({})
  }

  visitStaged(random: Random): void {
    const staged = [...this.#routes()].filter(({ endpoint }) => endpoint.staged)
    const route = random.pick(staged)
    if (route) this.#request({ label: route.endpoint.label })
  }

  /** Their connections went with the process that held them. */
  forget(): void {
    this.#waiting.clear()
  }

  /** An endpoint has been given other targets, or been removed. */
  retry(endpoint: Endpoint): void {
    if (this.#waiting.size === 0 || endpoint.function !== 'page') return
    const route = this.#situation.world.routes.get(endpoint.label)
    if (route && route.targets.length === 0 && route.fault === undefined) return
    for (const waiter of this.#waitersFor(endpoint)) this.#request(waiter)
    this.#situation.time.after(1, () => this.#tellWaiting(endpoint))
  }

  /** It goes to the least busy target, or waits for one, and takes its time there. */
  #request(waiter: Waiter): void {
    const route = [...this.#routes()].find(({ endpoint }) =>
      waiter.label === undefined
        ? endpoint.function === 'page' && !endpoint.staged
        : endpoint.label === waiter.label,
    )
    if (!route || route.fault !== undefined) {
      this.#waiting.delete(waiter)
      this.#situation.history.count(
        'event',
        route ? 'request: no container starts' : 'request: no such address',
      )
      return
    }
    const alive = route.targets.flatMap((target) => this.#serving(target))
    const target = alive.sort((a, b) => a.requests - b.requests)[0]
    if (!target) {
      this.#waiting.add(waiter)
      this.#situation.history.count('event', 'request: it waits')
      this.#tellWaiting(route.endpoint)
      return
    }
    this.#waiting.delete(waiter)
    this.#serve(route.endpoint, target)
  }

  #serve({ staged, version }: Endpoint, target: SimulatedContainer): void {
    const { invariants, time } = this.#situation
    const random = this.#random
    this.#situation.assert(() => invariants.requestBegan(target, staged && version))
    target.requests++
    this.#situation.history.count('event', 'request: given to a container')
    const long = random.chance(0.1)
    const takes = long ? random.between(1_000, 15_000) : random.between(1, 300)
    const ms = this.#situation.injector.occurs('hang', 'request') ? TIMEOUT_MS : takes
    time.after(ms, () => {
      if (target.alive) target.requests--
    })
  }

  #serving(target: Target): SimulatedContainer[] {
    const container = this.#situation.containers.get(target.container)
    return container?.alive ? [container] : []
  }

  #tellWaiting(endpoint: Endpoint): void {
    const { env, app, function: name, version, staged } = endpoint
    const whom = { env, app, function: name, ...(staged && { pin: version }) }
    const count = () => this.#waitersFor(endpoint).length
    this.#situation.insist(async () => {
      const told = count()
      await setWaiting(this.#situation.world.ports, whom, told)
      // The words of an ingress do not overtake each other: the last one is what is so now.
      if (count() !== told) this.#tellWaiting(endpoint)
    })
  }

  #waitersFor({ label, staged }: Endpoint): Waiter[] {
    return [...this.#waiting].filter((waiter) => waiter.label === (staged && label))
  }

  #routes() {
    return this.#situation.world.routes.values()
  }
}
