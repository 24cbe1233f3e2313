import type { CallQueue, Hint, QueueKey } from '../../control/ports.ts'
import type { AppKey } from '../../protocol/names.ts'

/** @param deliver runs what is to come at that time: never, once, twice, or later */
export type Deliver = (at: number, run: () => void) => void

/** Hints in memory, which are gone with the process. */
export class SimulatedQueue implements CallQueue {
  readonly #hints = new Map<string, string[]>()
  readonly #deliver: Deliver

  constructor(deliver: Deliver) {
    this.#deliver = deliver
  }

  async send(key: QueueKey, callId: string, availableAt: number): Promise<'waiting'> {
    this.#deliver(availableAt, () => this.#queue(nameOf(key)).push(callId))
    return 'waiting'
  }

  async receive({ queues, max }: { queues: QueueKey[]; max: number }): Promise<{ hints: Hint[] }> {
    const hints = queues.flatMap((key) => {
      const name = nameOf(key)
      return this.#queue(name)
        .splice(0, max)
        .map((callId) => ({ callId, receipt: name }))
    })
    return { hints }
  }

  async settle(hint: Hint, outcome: 'drop' | 'return'): Promise<void> {
    if (outcome === 'return') this.#queue(hint.receipt).unshift(hint.callId)
  }

  async remove({ app }: AppKey): Promise<void> {
    for (const name of this.#hints.keys()) if (name.startsWith(`${app}/`)) this.#hints.delete(name)
  }

  forget(): void {
    this.#hints.clear()
  }

  #queue(name: string): string[] {
    const queue = this.#hints.get(name) ?? []
    this.#hints.set(name, queue)
    return queue
  }
}

const nameOf = (key: QueueKey): string => `${key.app}/${key.function}/${key.pin ?? ''}`
