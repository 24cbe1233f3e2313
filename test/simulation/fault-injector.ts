import { CALM, type FaultName, type Faults } from './faults.ts'
import type { History } from './history.ts'
import { Random } from './random.ts'
import type { Time } from './time.ts'

/** Of whatever is doomed: so many of the next occasions to die are taken with this probability. */
const DOOM = { occasions: 16, probability: 0.12 } as const

interface Chances {
  seed: number
  faults: Faults
  /** Where given, these faults occur and no others, whatever the chances: each at the first occasion from its time on. */
  only?: readonly string[] | undefined
}

/** Where a fault may occur, such as a port's method. */
interface Place {
  random: Random
  /** When the latest occasion was, and how many there had been at that very time. */
  at: number
  before: number
  due: Due[]
}

interface Due {
  seconds: number
  before: number
}

/** Decides where something goes wrong, and notes it. Each fault has a stream of its own at each place. */
export class FaultInjector {
  /** The faults so far, by name: `loss@queue@12.345` was at that second, `loss@queue@12.345+1` at the second occasion in it. */
  readonly occurred: string[] = []
  readonly #seed: number
  readonly #faults: Faults
  readonly #only: readonly string[] | undefined
  readonly #time: Time
  readonly #history: History
  readonly #places = new Map<string, Place>()
  #doomed = 0

  constructor({ seed, faults, only }: Chances, time: Time, history: History) {
    this.#seed = seed
    this.#faults = { ...faults }
    this.#only = only
    this.#time = time
    this.#history = history
  }

  /** @param where the place, such as a port's method */
  occurs(fault: FaultName, where: string): boolean {
    if (this.#faults[fault] === 0) return false
    const probability = fault === 'crash' && this.#doomed-- > 0 ? DOOM.probability : this.#faults[fault]
    const name = `${fault}@${where}`
    const place = this.#place(name)
    const { seconds } = this.#time
    place.before = place.at === seconds ? place.before + 1 : 0
    place.at = seconds
    if (!(this.#only ? isDue(place) : place.random.chance(probability))) return false
    const occurrence = `${name}@${seconds.toFixed(3)}${place.before > 0 ? `+${place.before}` : ''}`
    this.occurred.push(occurrence)
    this.#history.note('fault', fault, occurrence)
    return true
  }

  /** In worlds where the control plane dies at all, it is now likely to die soon. */
  doom(): void {
    this.#doomed = DOOM.occasions
  }

  /** For how badly something goes wrong. */
  stream(name: string): Random {
    return Random.of(this.#seed, name)
  }

  canOccur(fault: FaultName): boolean {
    return this.#faults[fault] > 0
  }

  /** From now on nothing goes wrong but what always may. */
  calm(): void {
    Object.assign(this.#faults, CALM)
  }

  #place(name: string): Place {
    const known = this.#places.get(name)
    if (known) return known
    const random = Random.of(this.#seed, name)
    const made = { random, at: -1, before: 0, due: duesOf(this.#only ?? [], name) }
    this.#places.set(name, made)
    return made
  }
}

const duesOf = (only: readonly string[], place: string): Due[] =>
  only
    .filter((name) => name.startsWith(`${place}@`))
    .map((name) => {
      const [seconds, before = 0] = name.slice(place.length + 1).split('+')
      return { seconds: Number(seconds), before: Number(before) }
    })

function isDue({ at, before, due }: Place): boolean {
  const first = due.findIndex((one) => one.seconds < at || (one.seconds === at && one.before <= before))
  if (first === -1) return false
  due.splice(first, 1)
  return true
}
