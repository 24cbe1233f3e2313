interface Event {
  at: number
  order: number
  run: () => void
}

/** When every run begins. */
const BEGINNING = 1_000_000
const EVENTS_A_TURN = 64

/** Virtual time: events run one by one in order of time, and nothing happens between them. */
export class Time {
  now = BEGINNING
  #order = 0
  readonly #events: Event[] = []

  /** Since the run began. */
  get seconds(): number {
    return (this.now - BEGINNING) / 1_000
  }

  after(ms: number, run: () => void): void {
    const event = { at: this.now + Math.max(0, ms), order: this.#order++, run }
    let i = this.#events.length
    this.#events.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(event, this.#get(parent))) break
      this.#events[i] = this.#get(parent)
      i = parent
    }
    this.#events[i] = event
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Runs what is due until then; `afterEach` sees the world between any two events. */
  async runUntil(end: number, afterEach: () => void): Promise<void> {
    while (await this.#runSome(end, afterEach));
    this.now = end
  }

  /** Between two immediates of a turn, whatever the first has set off runs to its next wait. A turn for each would be slow. */
  #runSome(end: number, afterEach: () => void): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let isMore = true
      const step = () => {
        if (!isMore) return
        try {
          afterEach()
          isMore = this.#runNext(end)
        } catch (error) {
          isMore = false
          reject(error)
        }
      }
      for (let i = 0; i < EVENTS_A_TURN; i++) setImmediate(step)
      setImmediate(() => resolve(isMore))
    })
  }

  #runNext(end: number): boolean {
    const first = this.#events[0]
    if (!first || first.at > end) return false
    this.#removeFirst()
    this.now = first.at
    first.run()
    return true
  }

  #removeFirst(): void {
    const last = this.#events.pop()
    if (!last || this.#events.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= this.#events.length) break
      if (child + 1 < this.#events.length && isBefore(this.#get(child + 1), this.#get(child))) child++
      if (!isBefore(this.#get(child), last)) break
      this.#events[i] = this.#get(child)
      i = child
    }
    this.#events[i] = last
  }

  #get(index: number): Event {
    const event = this.#events[index]
    if (!event) throw new Error('The heap has a hole')
    return event
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
