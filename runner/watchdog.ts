/** Every so often, milliseconds. */
const PING_EVERY_MS = 1_000

/**
 * Watches that a process answers pings. A web request that blocks the event loop is not ended by the process's own
 * timers, so this is the only one to notice it.
 */
export class Watchdog {
  readonly #limitMs: number
  readonly #ping: () => void
  readonly #onSilence: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(limitMs: number, needs: { ping: () => void; onSilence: () => void }) {
    this.#limitMs = limitMs
    this.#ping = needs.ping
    this.#onSilence = needs.onSilence
  }

  /** From now on, for the process that just became ready. */
  watch(): void {
    clearTimeout(this.#timer)
    this.#ping()
    this.#timer = setTimeout(this.#onSilence, this.#limitMs)
  }

  answered(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.watch(), PING_EVERY_MS)
  }

  rest(): void {
    clearTimeout(this.#timer)
  }
}
