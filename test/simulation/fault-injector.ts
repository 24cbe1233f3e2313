import { CALM, type FaultName, type Faults } from './faults.ts'
import type { History } from './history.ts'
import { Random } from './random.ts'

interface Chances {
  seed: number
  faults: Faults
  /** Single occurrences that are left out: `crash#3` is the third crash that would have been. */
  spared?: readonly string[]
}

/** Decides where something goes wrong, and notes it. Each fault has a stream of its own at each place. */
export class FaultInjector {
  readonly #seed: number
  readonly #faults: Faults
  readonly #spared: ReadonlySet<string>
  readonly #history: History
  readonly #streams = new Map<string, Random>()
  readonly #occurred = new Map<FaultName, number>()

  constructor({ seed, faults, spared = [] }: Chances, history: History) {
    this.#seed = seed
    this.#faults = { ...faults }
    this.#spared = new Set(spared)
    this.#history = history
  }

  /** @param where the place, such as a port's method */
  occurs(fault: FaultName, where: string): boolean {
    const probability = this.#faults[fault]
    if (probability === 0 || !this.#stream(`${fault} ${where}`).chance(probability)) return false
    const nth = (this.#occurred.get(fault) ?? 0) + 1
    this.#occurred.set(fault, nth)
    const name = `${fault}#${nth}`
    if (this.#spared.has(name)) return false
    this.#history.note('fault', fault, `${where}, ${name}`)
    return true
  }

  canOccur(fault: FaultName): boolean {
    return this.#faults[fault] > 0
  }

  /** From now on nothing goes wrong but what always may. */
  calm(): void {
    Object.assign(this.#faults, CALM)
  }

  #stream(name: string): Random {
    const known = this.#streams.get(name)
    if (known) return known
    const made = Random.of(this.#seed, name)
    this.#streams.set(name, made)
    return made
  }
}
