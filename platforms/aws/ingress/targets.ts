import { BatchPutRequest } from 'dynamodb-toolbox/entity/actions/batchPut'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { BatchWriteCommand, execute } from 'dynamodb-toolbox/table/actions/batchWrite'
import type { Ingress } from '../../../control/ports.ts'
import type { ResourcesTable } from '../resources-table.ts'
import { type IngressItems, ingressItems } from './items.ts'

/**
 * What a load balancer's nodes may take to learn that a target gets no more requests: they hear of it each by itself.
 * No document promises a time; switches are seen to be over within seconds.
 */
export const SETTLE_MS = 15_000

const ITEM = 'target'
/** After that nobody asks any more. */
const REMEMBERED_SECONDS = 86_400
/** What one BatchWriteItem takes. */
const BATCH = 25
const WRITE_ATTEMPTS = 10

export interface TargetsOptions {
  settleMs?: number
  now?: () => number
}

/** An item for each container that requests may be sent to, which says since when none are. */
export class Targets implements Pick<Ingress, 'isReleased'> {
  readonly #items: IngressItems
  readonly #settleMs: number
  readonly #now: () => number

  constructor(table: ResourcesTable, { settleMs = SETTLE_MS, now = Date.now }: TargetsOptions = {}) {
    this.#items = ingressItems(table)
    this.#settleMs = settleMs
    this.#now = now
  }

  /** Requests that are in it are for the container itself to count: nobody else sees them. */
  async isReleased(containerId: string): Promise<boolean> {
    const key = { owner: ownerOf(containerId), item: ITEM }
    const { Item: item } = await this.#items.target
      .build(GetItemCommand)
      .key(key)
      .options({ consistent: true })
      .send()
    if (!item) return true
    return item.outAt !== undefined && item.outAt + this.#settleMs <= this.#now()
  }

  /** To be awaited before requests can be sent there. */
  admit(containers: string[]): Promise<void> {
    return this.#put(containers, {})
  }

  /** To be called once nobody sends requests there any more. */
  release(containers: string[]): Promise<void> {
    const outAt = this.#now()
    return this.#put(containers, { outAt, expiresAt: Math.ceil(outAt / 1000) + REMEMBERED_SECONDS })
  }

  async #put(containers: string[], state: { outAt?: number; expiresAt?: number }): Promise<void> {
    const puts = containers.map((id) =>
      this.#items.target.build(BatchPutRequest).item({ owner: ownerOf(id), item: ITEM, ...state }),
    )
    for (let done = 0; done < puts.length; done += BATCH) {
      const write = this.#items.table.build(BatchWriteCommand).requests(...puts.slice(done, done + BATCH))
      const { UnprocessedItems = {} } = await execute({ maxAttempts: WRITE_ATTEMPTS }, write)
      if (Object.keys(UnprocessedItems).length > 0) {
        throw new Error(
          'The table of resources takes no more writes at this moment; it is tried again by itself.',
        )
      }
    }
  }
}

const ownerOf = (containerId: string): string => `container/${containerId}`
