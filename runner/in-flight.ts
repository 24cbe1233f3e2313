/** Out of turn, news go at most so often, milliseconds. */
const MIN_INTERVAL_MS = 250
/** So long without a request is worth telling; the gaps in light traffic are not. */
const QUIET_MS = 750

/**
 * Web requests in flight, as the control plane is to see them: the most that there were since it was last told, so that
 * a container which serves short requests does not look idle; once the container drains, those that there are.
 */
export class InFlight {
  readonly #limit: number
  readonly #onNews: () => void
  #count = 0
  #peak = 0
  #told = 0
  #toldAt = Number.NEGATIVE_INFINITY
  #isDraining = false
  #rise: NodeJS.Timeout | undefined
  #quiet: NodeJS.Timeout | undefined

  /** @param onNews is called when what was last told should not stand until the next heartbeat is due. */
  constructor(limit: number, onNews: () => void) {
    this.#limit = limit
    this.#onNews = onNews
  }

  get count(): number {
    return this.#count
  }

  set(count: number): void {
    this.#count = count
    this.#peak = Math.max(this.#peak, count)
    clearTimeout(this.#quiet)
    if (count > 0) this.#considerRise()
    else this.#considerQuiet()
  }

  drain(): void {
    this.#isDraining = true
    this.#considerQuiet()
  }

  /** The number to tell now. */
  tell(): number {
    clearTimeout(this.#rise)
    this.#rise = undefined
    this.#told = this.#isDraining ? this.#count : this.#peak
    this.#peak = this.#count
    this.#toldAt = performance.now()
    this.#considerQuiet()
    return this.#told
  }

  #considerRise(): void {
    const isFirst = this.#told === 0
    const isTooMuch = this.#told <= this.#limit && this.#peak > this.#limit
    if (!isFirst && !isTooMuch) return
    const wait = Math.max(0, this.#toldAt + MIN_INTERVAL_MS - performance.now())
    this.#rise ??= setTimeout(this.#onNews, wait)
  }

  #considerQuiet(): void {
    clearTimeout(this.#quiet)
    if (this.#count > 0 || this.#told === 0) return
    if (this.#isDraining) this.#onNews()
    else this.#quiet = setTimeout(() => this.#tellQuiet(), QUIET_MS)
  }

  #tellQuiet(): void {
    this.#peak = 0
    this.#onNews()
  }
}
