import type { Timers } from './clock.ts'

interface TickOptions {
  timers: Timers
  everyMs: number
  run: () => Promise<void>
  /** Told of a run that failed; the next one comes all the same. */
  onError: (error: unknown) => void
}

/** Runs something again and again, each time after the one before has ended. */
export class Tick {
  readonly #options: TickOptions
  #cancel: (() => void) | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: TickOptions) {
    this.#options = options
  }

  start(): void {
    this.#cancel = this.#options.timers.after(this.#options.everyMs, () => {
      this.#running = this.#run()
    })
  }

  /** Begins no further run, and waits for the one that goes on. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#running
  }

  async #run(): Promise<void> {
    const { run, onError } = this.#options
    await run().catch(onError)
    if (!this.#closed) this.start()
  }
}
