import { HOLD_MS } from './hold.ts'
import type { EndpointItem } from './items.ts'
import type { Records } from './records.ts'

export type Change = Partial<Omit<EndpointItem, 'owner' | 'item' | 'revision' | 'heldUntil'>>

/** An endpoint that this process alone changes, for a while that each change prolongs. */
export class Holding {
  readonly #records: Records
  readonly #now: () => number
  #endpoint: EndpointItem

  constructor(records: Records, now: () => number, endpoint: EndpointItem) {
    this.#records = records
    this.#now = now
    this.#endpoint = endpoint
  }

  get endpoint(): EndpointItem {
    return this.#endpoint
  }

  /** @throws Error where the hold was lost, and so nothing may be done any more */
  async note(change: Change): Promise<void> {
    const next = heldFrom({ ...this.#endpoint, ...change }, this.#now())
    if (!(await this.#records.save(next))) {
      throw new Error(`Somebody else changes the endpoint ${next.label} by now; it is tried again by itself.`)
    }
    this.#endpoint = next
  }

  async letGo(): Promise<void> {
    const { heldUntil, ...rest } = this.#endpoint
    const next = { ...rest, revision: rest.revision + 1 }
    // Where this fails, somebody else holds it.
    if (await this.#records.save(next)) this.#endpoint = next
  }
}

/** The next record, under a hold. */
export function heldFrom(endpoint: EndpointItem, now: number): EndpointItem {
  return { ...endpoint, revision: endpoint.revision + 1, heldUntil: now + HOLD_MS }
}

export const isHeld = ({ heldUntil = 0 }: EndpointItem, now: number): boolean => heldUntil > now
