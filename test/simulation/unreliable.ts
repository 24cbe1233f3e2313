import type { SimulatedClock } from './clock.ts'
import type { FaultInjector } from './fault-injector.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

/** The control plane died: whatever it was in the middle of is never continued. */
export class Crash extends Error {}

/** A port said that it could not, whether or not it has. */
export class Unavailable extends Error {}

/** What is part of life: whoever is told so asks again, or lets it be. */
export const isMisfortune = (error: unknown): boolean =>
  error instanceof Crash || error instanceof Unavailable

/** A process of the control plane. */
export interface Process {
  name: string
  /** How often it died. */
  incarnation: number
  frozenUntil: number
  clock: SimulatedClock
  /** Until when which of its ports are out of order. */
  outages: Map<string, number>
}

interface Surroundings {
  time: Time
  random: Random
  injector: FaultInjector
  history: History
  process: Process
  onCrash(): void
  onError(error: unknown): void
}

/** What is worked out rather than asked for. */
const PURE = new Set<string | symbol>(['url'])

/**
 * Each method takes a little time, so that operations interleave, and at each the process may die: before it was done, or
 * after. It may also stand still for a while, alone or with all that its process does, or fail.
 * @param canFail whether it is reached over a network
 */
export function unreliable<Port extends object>(
  name: string,
  port: Port,
  canFail: boolean,
  surroundings: Surroundings,
): Port {
  const { time, random, injector, history, process, onCrash, onError } = surroundings
  const mayDie = (born: number, where: string) => {
    if (born !== process.incarnation) throw new Crash('died before')
    if (!injector.occurs('crash', where)) return
    onCrash()
    throw new Crash('died')
  }
  const mayStop = async (where: string) => {
    process.clock.maybeSet()
    if (injector.occurs('freeze', process.name))
      process.frozenUntil = time.now + random.between(1_000, 30_000)
    const pause = injector.occurs('pause', where) ? random.between(1_000, 30_000) : random.between(0, 4)
    await time.sleep(pause)
    while (process.frozenUntil > time.now) await time.sleep(process.frozenUntil - time.now)
  }
  const mayFail = (where: string) => {
    if (!canFail) return
    if (injector.occurs('outage', name)) process.outages.set(name, time.now + random.between(1_000, 10_000))
    const isOut = (process.outages.get(name) ?? 0) > time.now
    if (isOut || injector.occurs('throttle', where)) throw new Unavailable(`${where} is throttled`)
  }
  return new Proxy(port, {
    get: (target, property) => {
      const method = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      if (PURE.has(property)) return method.bind(target)
      const where = `${name}.${String(property)}`
      return async (...args: unknown[]) => {
        const born = process.incarnation
        await mayStop(where)
        mayDie(born, `before-${where}`)
        mayFail(where)
        try {
          const result = await Reflect.apply(method, target, args)
          history.count('port', `${where}: ${outcome(result)}`)
          if (canFail && injector.occurs('answerLost', where)) throw new Unavailable(`${where} was cut off`)
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
