import type { CallQueue, Hint, QueueKey } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'

/** @param deliver runs what is to come in so many milliseconds: never, once, twice, or later */
export type Deliver = (inMs: number, run: () => void) => void

/** Hints in memory, which are gone with the process. */
export class SimulatedQueue {
  readonly #hints = new Map<string, string[]>()
  readonly #deliver: Deliver

  constructor(deliver: Deliver) {
    this.#deliver = deliver
  }

  /** @param until milliseconds from now, by the clock of whoever says so */
  port(until: (at: number) => number): CallQueue {
    return {
      send: async (key, callId, availableAt) => this.#send(key, callId, until(availableAt)),
      receive: async ({ queues, max }) => ({ hints: queues.flatMap((key) => this.#take(nameOf(key), max)) }),
      settle: async (hint, outcome) => {
        if (outcome === 'return') this.#queue(hint.receipt).unshift(hint.callId)
      },
      remove: async (key) => this.#remove(key),
    }
  }

  forget(): void {
    this.#hints.clear()
  }

  #send(key: QueueKey, callId: string, inMs: number): 'waiting' {
    this.#deliver(inMs, () => this.#queue(nameOf(key)).push(callId))
    return 'waiting'
  }

  #take(name: string, max: number): Hint[] {
    const taken = this.#queue(name).splice(0, max)
    return taken.map((callId) => ({ callId, receipt: name }))
  }

  #remove({ app }: AppKey): void {
    for (const name of this.#hints.keys()) if (name.startsWith(`${app}/`)) this.#hints.delete(name)
  }

  #queue(name: string): string[] {
    const queue = this.#hints.get(name) ?? []
    this.#hints.set(name, queue)
    return queue
  }
}

export const nameOf = (key: QueueKey): string => `${key.app}/${key.function}/${key.pin ?? ''}`
