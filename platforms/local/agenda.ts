import type { Clock } from '../../control/ports.ts'
import type { Timers } from './clock.ts'
import { DueHeap } from './due-heap.ts'

/**
 * The longest that one timer runs. Timers stand still while the machine sleeps, so the clock is read again at least
 * this often: what was due in the meantime is then late by no more.
 */
const LONGEST_TIMER_MS = 60_000

interface AgendaOptions<Item> {
  clock: Clock
  timers: Timers
  /** Called for each item when its time has come; the item is then no longer on the agenda. */
  onDue: (item: Item) => void
}

/** What is due when, with one timer for everything. */
export class Agenda<Item> {
  readonly #options: AgendaOptions<Item>
  readonly #heap = new DueHeap<Item>()
  #timer: { at: number; cancel: () => void } | undefined

  constructor(options: AgendaOptions<Item>) {
    this.#options = options
  }

  /** When the item is due, milliseconds since the epoch. */
  at(item: Item): number | undefined {
    return this.#heap.at(item)
  }

  /** Puts the item on the agenda, or moves it. */
  set(item: Item, at: number): void {
    this.#heap.set(item, at)
    this.#arm()
  }

  delete(item: Item): void {
    this.#heap.delete(item)
    if (!this.#heap.first) this.#disarm()
  }

  close(): void {
    for (let next = this.#heap.first; next; next = this.#heap.first) this.#heap.delete(next.item)
    this.#disarm()
  }

  #arm(): void {
    const at = this.#heap.first?.at
    if (at === undefined || (this.#timer && this.#timer.at <= at)) return
    this.#disarm()
    const { clock, timers } = this.#options
    const wait = Math.min(Math.max(at - clock.now(), 0), LONGEST_TIMER_MS)
    this.#timer = { at, cancel: timers.after(wait, () => this.#ring()) }
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #ring(): void {
    this.#timer = undefined
    for (const item of this.#takeDue(this.#options.clock.now())) this.#options.onDue(item)
    this.#arm()
  }

  /** All at once, before any is acted upon: an item that is set anew meanwhile waits for the next ring. */
  #takeDue(now: number): Item[] {
    const due: Item[] = []
    for (let next = this.#heap.first; next && next.at <= now; next = this.#heap.first) {
      this.#heap.delete(next.item)
      due.push(next.item)
    }
    return due
  }
}
