import type { Ports } from '../../control/ports.ts'
import { reconcile } from '../../control/reconcile.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'
import { Crash, isMisfortune } from './unreliable.ts'

interface Surroundings {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  /** Of the control plane that sees to it. */
  ports(): Ports
  onError(error: unknown): void
}

/** Apps to be looked at: each wish is seen to at least once, be it late. */
export class Work {
  readonly #surroundings: Surroundings
  /** Whether what is asked for outlives whoever asked. */
  readonly #isDurable: boolean
  readonly #asked = new Set<string>()
  #incarnation = 0

  constructor(surroundings: Surroundings, isDurable: boolean) {
    this.#surroundings = surroundings
    this.#isDurable = isDurable
  }

  /** As on AWS, nothing keeps two from reconciling the same app at once; so here it happens now and then. */
  ask(key: AppKey, inMs: number): void {
    const { time, random, injector, history } = this.#surroundings
    const late = injector.occurs('lateWork', 'worklist') ? random.between(1_000, 45_000) : 0
    const delay = Math.max(0, inMs) + late + random.between(0, 10)
    const slot = `${key.app} ${Math.round((time.now + delay) / 20)} ${random.between(0, 1)}`
    if (this.#asked.has(slot)) {
      history.count('event', 'hint coalesced')
      return
    }
    this.#asked.add(slot)
    const incarnation = this.#incarnation
    const times = injector.occurs('doubledWork', 'worklist') ? 2 : 1
    for (let i = 0; i < times; i++) {
      time.after(delay + i * random.between(0, 100), () => {
        this.#asked.delete(slot)
        if (incarnation === this.#incarnation) this.#see(key)
      })
    }
  }

  /** It was in memory. */
  forget(): void {
    this.#incarnation++
    this.#asked.clear()
  }

  #see(key: AppKey): void {
    const { random, ports, onError } = this.#surroundings
    const plane = ports()
    reconcile(plane, key).then(
      (again) => again !== undefined && this.ask(key, again - plane.clock.now()),
      (error: unknown) => {
        if (!isMisfortune(error)) onError(error)
        // In one process, the one that comes next looks by itself.
        else if (this.#isDurable || !(error instanceof Crash)) this.ask(key, random.between(1_000, 30_000))
      },
    )
  }
}
