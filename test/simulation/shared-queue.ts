import type { CallQueue, Hint, QueueKey } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import type { FaultInjector } from './fault-injector.ts'
import { nameOf } from './queue.ts'
import type { Random } from './random.ts'
import type { Time } from './time.ts'

interface Message {
  id: string
  callId: string
  visibleAt: number
}

interface Outside {
  time: Time
  random: Random
  injector: FaultInjector
  /** Milliseconds from now, by the clock of whoever says so. */
  until(at: number): number
}

/** Shorter than in truth, so that what is held by the dead comes back within a run. Milliseconds. */
const VISIBILITY_MS = 10_000
/** What one wait brings at most. */
const MOST_TOLD = 10

/** Hints outside of the control plane, where containers wait for them by themselves: late, doubled, out of order. */
export class SharedQueue {
  readonly #queues = new Map<string, Message[]>()
  readonly #outside: Omit<Outside, 'until'>
  #ids = 0

  constructor(outside: Omit<Outside, 'until'>) {
    this.#outside = outside
  }

  /** The queue as a control plane reaches it. */
  port(until: Outside['until']): CallQueue {
    return {
      send: async (key, callId, availableAt) => this.#send(key, callId, until(availableAt)),
      receive: async ({ queues, max, wake }) => this.#receive(queues, max, wake),
      settle: async (hint, outcome) => this.#settle(hint, outcome),
      remove: async (key) => this.#remove(key),
    }
  }

  /** What a container is told that waits at this address; those messages are hidden from others for a while. */
  wait(address: string): string {
    return JSON.stringify(this.#take(address, MOST_TOLD))
  }

  #send(key: QueueKey, callId: string, inMs: number): 'waiting' {
    const { time, random, injector } = this.#outside
    const queue = this.#queue(nameOf(key))
    const times = injector.occurs('loss', 'queue') ? 0 : injector.occurs('doubling', 'queue') ? 2 : 1
    for (let i = 0; i < times; i++) {
      const late = injector.occurs('lateHint', 'queue')
        ? random.between(5_000, 120_000)
        : random.between(0, 20)
      // One that is doubled does not wait for its time.
      const due = i === 0 ? Math.max(0, inMs) : 0
      queue.push({ id: `m${++this.#ids}`, callId, visibleAt: time.now + due + late })
    }
    return 'waiting'
  }

  #receive(queues: QueueKey[], max: number, wake: string | undefined): { hints: Hint[]; waitAt?: string } {
    if (queues.length === 0 || max <= 0) return { hints: [] }
    const told: Hint[] = wake === undefined ? [] : JSON.parse(wake)
    if (told.length > 0) return { hints: told.slice(0, max) }
    const names = queues.map(nameOf)
    const hints = names.flatMap((name) => this.#take(name, max)).slice(0, max)
    if (hints.length > 0) return { hints }
    return { hints, waitAt: this.#outside.random.pick(names) ?? '' }
  }

  #take(name: string, max: number): Hint[] {
    const { time, injector } = this.#outside
    const visible = this.#queue(name).filter(({ visibleAt }) => visibleAt <= time.now)
    return visible.slice(0, max).map((message) => {
      if (!injector.occurs('heldHint', 'queue')) message.visibleAt = time.now + VISIBILITY_MS
      return { callId: message.callId, receipt: `${name} ${message.id}` }
    })
  }

  #settle({ receipt }: Hint, outcome: 'drop' | 'return'): void {
    const [name = '', id] = receipt.split(' ')
    const queue = this.#queue(name)
    const message = queue.find((one) => one.id === id)
    if (!message) return
    if (outcome === 'return') message.visibleAt = this.#outside.time.now
    else queue.splice(queue.indexOf(message), 1)
  }

  #remove({ app }: AppKey): void {
    for (const name of this.#queues.keys()) if (name.startsWith(`${app}/`)) this.#queues.delete(name)
  }

  #queue(name: string): Message[] {
    const queue = this.#queues.get(name) ?? []
    this.#queues.set(name, queue)
    return queue
  }
}
