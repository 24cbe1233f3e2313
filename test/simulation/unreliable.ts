import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

/** The control plane died: whatever it was in the middle of is never continued. */
export class Crash extends Error {}

interface Surroundings {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  /** The process that came after the last crash. */
  incarnation(): number
  onCrash(): void
  onError(error: unknown): void
}

/** What is worked out rather than asked for. */
const PURE = new Set<string | symbol>(['url'])

/** Each method takes a little time, so that operations interleave, and at each the control plane may die: before it was done, or after. */
export function unreliable<Port extends object>(name: string, port: Port, surroundings: Surroundings): Port {
  const { time, random, injector, history, incarnation, onCrash, onError } = surroundings
  const mayDie = (born: number, where: string) => {
    if (born !== incarnation()) throw new Crash('died before')
    if (!injector.occurs('crash', where)) return
    onCrash()
    throw new Crash('died')
  }
  return new Proxy(port, {
    get: (target, property) => {
      const method = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      if (PURE.has(property)) return method.bind(target)
      const where = `${name}.${String(property)}`
      return async (...args: unknown[]) => {
        const born = incarnation()
        await time.sleep(random.between(0, 4))
        mayDie(born, `before-${where}`)
        try {
          const result = await Reflect.apply(method, target, args)
          history.count('port', `${where}: ${outcome(result)}`)
          return result
        } catch (error) {
          onError(error)
          throw error
        } finally {
          mayDie(born, `after-${where}`)
        }
      }
    },
  })
}

/** Ports answer with what they found, with what it came to, or with nothing. */
function outcome(result: unknown): string {
  if (result === undefined || result === false || result === null) return 'nothing'
  if (typeof result === 'string') return result
  if (typeof result === 'object' && 'kind' in result) return String(result.kind)
  return 'done'
}
