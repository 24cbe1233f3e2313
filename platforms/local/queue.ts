import type { CallQueue, Clock, Hint, QueueKey } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'
import { Agenda } from './agenda.ts'
import type { Timers } from './clock.ts'
import { Fifo } from './fifo.ts'
import { QueueWaiter } from './queue-waiter.ts'

type Receive = Parameters<CallQueue['receive']>[0]

interface Queue {
  name: string
  ready: Fifo<string>
  delayed: Map<string, Delayed>
  waiters: Set<QueueWaiter>
}

interface Delayed {
  queue: Queue
  callId: string
}

/** Hints in memory. They are lost with the process, and sent again by the sweep after it. */
export class LocalQueue implements CallQueue {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #queues = new Map<string, Queue>()
  readonly #delayed: Agenda<Delayed>

  constructor({ clock, timers }: { clock: Clock; timers: Timers }) {
    this.#clock = clock
    this.#timers = timers
    this.#delayed = new Agenda({ clock, timers, onDue: (delayed) => this.#becomeReady(delayed) })
  }

  async send(key: QueueKey, callId: string, availableAt: number): Promise<'taken' | 'waiting'> {
    const queue = this.#queue(nameOf(key))
    if (queue.ready.has(callId)) return 'waiting'
    const known = queue.delayed.get(callId)
    if (availableAt > this.#clock.now()) {
      this.#delay(known ?? { queue, callId }, availableAt)
      return 'waiting'
    }
    if (known) this.#undelay(known)
    return this.#offer(queue, callId, 'back')
  }

  async receive({ queues, max, holdMs, interrupted }: Receive): Promise<{ hints: Hint[] }> {
    const names = max > 0 ? queues.map(nameOf) : []
    const hints = this.#take(names, max)
    if (hints.length > 0 || holdMs <= 0) return { hints }
    return { hints: await this.#wait(names, max, holdMs, interrupted) }
  }

  async settle(hint: Hint, outcome: 'drop' | 'return'): Promise<void> {
    if (outcome === 'return') this.#offer(this.#queue(hint.receipt), hint.callId, 'front')
  }

  /** What waits is dropped; whoever waits for it waits on. */
  async remove(key: AppKey): Promise<void> {
    const prefix = prefixOf(key)
    const queues = [...this.#queues.values()].filter(({ name }) => name.startsWith(prefix))
    for (const queue of queues) {
      queue.ready.take(Number.POSITIVE_INFINITY)
      for (const delayed of queue.delayed.values()) this.#undelay(delayed)
      this.#forgetIfIdle(queue)
    }
  }

  /** Ends every wait, with nothing. */
  close(): void {
    this.#delayed.close()
    const waiters = [...this.#queues.values()].flatMap((queue) => [...queue.waiters])
    for (const waiter of waiters) waiter.wake()
    this.#queues.clear()
  }

  /** How many queues hold anything, or are waited on. */
  get size(): number {
    return this.#queues.size
  }

  #take(names: string[], max: number): Hint[] {
    const hints: Hint[] = []
    for (const name of names) {
      const queue = this.#queues.get(name)
      if (!queue) continue
      const callIds = queue.ready.take(max - hints.length)
      hints.push(...callIds.map((callId) => ({ callId, receipt: name })))
      this.#forgetIfIdle(queue)
    }
    return hints
  }

  async #wait(names: string[], max: number, holdMs: number, interrupted: Promise<void>): Promise<Hint[]> {
    let isInterrupted = false
    const { waiter, leave } = this.#enlist(names, max)
    const cancel = this.#timers.after(holdMs, () => waiter.wake())
    const interrupt = () => {
      isInterrupted = true
      waiter.wake()
    }
    interrupted.then(interrupt, interrupt)
    await waiter.woken
    cancel()
    leave()
    if (!isInterrupted) return waiter.hints
    // Handed over in the same breath as the interruption: nobody may be there to run it, so the next one gets it.
    for (const hint of waiter.hints.toReversed()) await this.settle(hint, 'return')
    return []
  }

  #enlist(names: string[], max: number): { waiter: QueueWaiter; leave: () => void } {
    const queues = names.map((name) => this.#queue(name))
    const leave = () => {
      for (const queue of queues.splice(0)) {
        queue.waiters.delete(waiter)
        this.#forgetIfIdle(queue)
      }
    }
    const waiter = new QueueWaiter(max, leave)
    for (const queue of queues) queue.waiters.add(waiter)
    return { waiter, leave }
  }

  #offer(queue: Queue, callId: string, end: 'front' | 'back'): 'taken' | 'waiting' {
    const [waiter] = queue.waiters
    if (waiter) {
      waiter.take({ callId, receipt: queue.name })
      return 'taken'
    }
    if (end === 'back') queue.ready.push(callId)
    else queue.ready.unshift(callId)
    return 'waiting'
  }

  /** Of two times for one call, the earlier counts. */
  #delay(delayed: Delayed, availableAt: number): void {
    delayed.queue.delayed.set(delayed.callId, delayed)
    const until = this.#delayed.at(delayed) ?? availableAt
    this.#delayed.set(delayed, Math.min(until, availableAt))
  }

  #undelay(delayed: Delayed): void {
    delayed.queue.delayed.delete(delayed.callId)
    this.#delayed.delete(delayed)
  }

  #becomeReady({ queue, callId }: Delayed): void {
    queue.delayed.delete(callId)
    this.#offer(queue, callId, 'back')
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name)
    if (known) return known
    const added: Queue = { name, ready: new Fifo(), delayed: new Map(), waiters: new Set() }
    this.#queues.set(name, added)
    return added
  }

  #forgetIfIdle(queue: Queue): void {
    if (queue.ready.size === 0 && queue.delayed.size === 0 && queue.waiters.size === 0) {
      this.#queues.delete(queue.name)
    }
  }
}

/** None of the parts can hold a slash. */
const prefixOf = ({ env, app }: AppKey): string => `${env}/${app}/`

const nameOf = ({ function: functionName, pin, ...key }: QueueKey): string =>
  `${prefixOf(key)}${functionName}/${pin ?? ''}`
