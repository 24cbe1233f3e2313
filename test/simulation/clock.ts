import type { FaultInjector } from './fault-injector.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

/**
 * By how much a clock may be wrong, so that two readings differ by twice that: a machine's own, which its owner or a
 * daemon sets; and those that a cloud keeps, of which several may be read. Milliseconds.
 */
const MOST_WRONG_MS = { ofMachine: 15_000, ofCloud: 1_000 } as const

export type Keeper = keyof typeof MOST_WRONG_MS

interface Outside {
  time: Time
  injector: FaultInjector
}

/** By how much two readings of clocks may differ that were made at the same moment, or one right after the other. */
export function clockErrorMs(injector: FaultInjector, keeper: Keeper): number {
  const isWrong = injector.canOccur('clockSkew') || injector.canOccur('clockStep')
  return isWrong ? 2 * MOST_WRONG_MS[keeper] : 0
}

/** A clock that may be wrong, and be set while somebody goes by it: forward or back, to what may be wrong as well. */
export class SimulatedClock {
  /** When it was set the last time, as it says itself. */
  setAt = 0
  readonly #name: string
  readonly #mostWrongMs: number
  readonly #outside: Outside
  readonly #random: Random
  #wrongMs = 0

  constructor(name: string, keeper: Keeper, outside: Outside) {
    this.#name = name
    this.#mostWrongMs = MOST_WRONG_MS[keeper]
    this.#outside = outside
    this.#random = outside.injector.stream(`clock of ${name}`)
    if (outside.injector.occurs('clockSkew', name)) this.#goWrong()
  }

  get now(): number {
    return this.at(this.#outside.time.now)
  }

  /** What it says then, if nobody sets it meanwhile. */
  at(time: number): number {
    return time + this.#wrongMs
  }

  maybeSet(): void {
    if (!this.#outside.injector.occurs('clockStep', this.#name)) return
    this.#goWrong()
    this.setAt = this.now
  }

  #goWrong(): void {
    const most = this.#mostWrongMs
    // The worst is what there is to fear.
    const isAtWorst = this.#random.chance(0.5)
    this.#wrongMs = isAtWorst ? (this.#random.pick([-most, most]) ?? most) : this.#random.between(-most, most)
  }
}
