import type { WaitedFor } from '../../../control/call-store-port.ts'
import type { Endpoint } from '../../../control/ports.ts'

export interface Waiter {
  /** The endpoint has changed: look again. */
  onChange(): void
  onTimeout(): void
}

interface Tally {
  whom: WaitedFor
  waiting: number
  reported: number
}

/** Requests that wait for their endpoint to have a target, in the order in which they came. */
export class WaitingRoom {
  readonly #seats = new Map<string, Set<() => void>>()
  readonly #tallies = new Map<string, Tally>()
  readonly #onWaiting: (whom: WaitedFor, waiting: number) => void
  readonly #timeoutMs: number

  constructor(onWaiting: (whom: WaitedFor, waiting: number) => void, timeoutMs: number) {
    this.#onWaiting = onWaiting
    this.#timeoutMs = timeoutMs
  }

  /** Calls the waiter back once, unless it leaves before by calling what is returned. */
  enter(endpoint: Endpoint, waiter: Waiter): () => void {
    const leave = () => {
      clearTimeout(timer)
      this.#unseat(endpoint, recall)
    }
    const recall = () => {
      leave()
      waiter.onChange()
    }
    const timer = setTimeout(() => {
      leave()
      waiter.onTimeout()
    }, this.#timeoutMs)
    this.#seat(endpoint, recall)
    return leave
  }

  /** Everybody who waits for the label looks again, in order, before this returns. */
  recall(label: string): void {
    for (const recall of [...(this.#seats.get(label) ?? [])]) recall()
  }

  recallAll(): void {
    for (const label of [...this.#seats.keys()]) this.recall(label)
  }

  #seat(endpoint: Endpoint, recall: () => void): void {
    const seats = this.#seats.get(endpoint.label) ?? new Set()
    this.#seats.set(endpoint.label, seats.add(recall))
    this.#count(endpoint, 1)
  }

  #unseat(endpoint: Endpoint, recall: () => void): void {
    const seats = this.#seats.get(endpoint.label)
    if (!seats?.delete(recall)) return
    if (seats.size === 0) this.#seats.delete(endpoint.label)
    this.#count(endpoint, -1)
  }

  /** Reported when the turn of the event loop is over, so that a burst of requests is one change and not hundreds. */
  #count({ env, app, function: name, version, staged }: Endpoint, change: number): void {
    const pin = staged && version
    const key = `${env}/${app}/${name}/${pin}`
    const whom = { env, app, function: name, ...(pin !== undefined && { pin }) }
    const tally = this.#tallies.get(key) ?? { whom, waiting: 0, reported: 0 }
    tally.waiting += change
    this.#tallies.set(key, tally)
    setImmediate(() => this.#report())
  }

  #report(): void {
    for (const [key, tally] of this.#tallies) {
      const changed = tally.waiting !== tally.reported
      tally.reported = tally.waiting
      if (tally.waiting === 0) this.#tallies.delete(key)
      if (changed) this.#onWaiting(tally.whom, tally.waiting)
    }
  }
}
