import type { Errand } from '../../control/notice-model.ts'
import type { Clock, Outbox } from '../../control/ports.ts'
import { Agenda } from './agenda.ts'
import type { Timers } from './clock.ts'

interface OutboxOptions {
  clock: Clock
  timers: Timers
  run: (errand: Errand) => Promise<void>
  /** Told of an errand that failed; the sweep brings it again. */
  onError: (error: unknown, errand: Errand) => void
}

/** Errands at their time: one after the other for each channel, so that a slow one keeps nobody else waiting. */
export class LocalOutbox implements Outbox {
  readonly #options: OutboxOptions
  readonly #agenda: Agenda<string>
  /** Errands whose turn has not come yet: they are asked for again and again, and done once. */
  readonly #waiting = new Set<string>()
  readonly #busy = new Map<string | undefined, Promise<void>>()

  constructor(options: OutboxOptions) {
    this.#options = options
    const { clock, timers } = options
    this.#agenda = new Agenda({ clock, timers, onDue: (item) => this.#take(item) })
  }

  async add({ notice, channel }: Errand, at: number): Promise<void> {
    this.#agenda.set(JSON.stringify({ notice, channel }), at)
  }

  /** Begins nothing more, and waits for what goes on. */
  async close(): Promise<void> {
    this.#agenda.close()
    await Promise.all(this.#busy.values())
  }

  #take(item: string): void {
    if (this.#waiting.has(item)) return
    this.#waiting.add(item)
    const errand: Errand = JSON.parse(item)
    const { channel } = errand
    const before = this.#busy.get(channel) ?? Promise.resolve()
    const mine = before.then(() => {
      this.#waiting.delete(item)
      return this.#run(errand)
    })
    this.#busy.set(channel, mine)
    void mine.then(() => {
      if (this.#busy.get(channel) === mine) this.#busy.delete(channel)
    })
  }

  async #run(errand: Errand): Promise<void> {
    const { run, onError } = this.#options
    await run(errand).catch((error: unknown) => onError(error, errand))
  }
}
