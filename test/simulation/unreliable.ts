import type { Faults } from './faults.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

/** The control plane died: whatever it was in the middle of is never continued. */
export class Crash extends Error {}

interface Surroundings {
  time: Time
  random: Random
  faults: Faults
  /** The process that came after the last crash. */
  incarnation(): number
  onCrash(): void
  onError(error: unknown): void
}

/** What is worked out rather than asked for. */
const PURE = new Set<string | symbol>(['url'])

/** Each method takes a little time, so that operations interleave, and at each the control plane may die: before it was done, or after. */
export function unreliable<Port extends object>(port: Port, surroundings: Surroundings): Port {
  const { time, random, faults, incarnation, onCrash, onError } = surroundings
  const mayDie = (born: number) => {
    if (born !== incarnation()) throw new Crash('died before')
    if (!random.chance(faults.crash)) return
    onCrash()
    throw new Crash('died')
  }
  return new Proxy(port, {
    get: (target, name) => {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      if (PURE.has(name)) return method.bind(target)
      return async (...args: unknown[]) => {
        const born = incarnation()
        await time.sleep(random.between(0, 4))
        mayDie(born)
        try {
          return await Reflect.apply(method, target, args)
        } catch (error) {
          onError(error)
          throw error
        } finally {
          mayDie(born)
        }
      }
    },
  })
}
