import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { ConditionCheck } from 'dynamodb-toolbox/entity/actions/transactCheck'
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add } from 'dynamodb-toolbox/entity/actions/update'
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query'
import type { Endpoint } from '../../../control/ports.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { ResourcesTable } from '../resources-table.ts'
import { writeAll } from '../store/dynamodb/transaction.ts'
import { type EndpointItem, type Fence, type IngressItems, ingressItems } from './items.ts'

/**
 * How many endpoints one load balancer has room for: it can have 100 target groups, which cannot be raised ("Quotas for
 * your Application Load Balancers"). One is the activator's, and each endpoint may come to have two.
 */
export const ENDPOINTS_PER_SHARD = 49

const FENCE = 'ingress'
const ENDPOINT = 'endpoint#'
const REMEMBERED_SECONDS = 86_400

/** What the ingress knows of itself. Every write is conditional on what was read: `false` where that has changed since. */
export class Records {
  readonly #items: IngressItems

  constructor(table: ResourcesTable) {
    this.#items = ingressItems(table)
  }

  async endpoint(endpoint: AppKey & { label: string }): Promise<EndpointItem | undefined> {
    const { endpoint: entity } = this.#items
    const read = entity.build(GetItemCommand).key(keyOf(endpoint)).options({ consistent: true })
    return (await read.send()).Item
  }

  async endpoints(key: AppKey): Promise<EndpointItem[]> {
    const { table, endpoint } = this.#items
    const { Items = [] } = await table
      .build(QueryCommand)
      .entities(endpoint)
      .query({ partition: ownerOf(key), range: { beginsWith: ENDPOINT } })
      .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY, entityAttrFilter: false })
      .send()
    return Items
  }

  async fence(key: AppKey): Promise<Fence | undefined> {
    const read = this.#items.fence.build(GetItemCommand).key({ owner: ownerOf(key), item: FENCE })
    return (await read.options({ consistent: true }).send()).Item
  }

  /** Makes a first record of the endpoint, in the name of a turn, where the load balancer has room. */
  async place(next: EndpointItem, fence: Fence | undefined): Promise<'placed' | 'full' | 'beaten'> {
    const { endpoint, load } = this.#items
    const room = load
      .build(UpdateTransaction)
      .item({ ...loadOf(next), endpoints: $add(1) })
      .options({
        condition: {
          or: [
            { attr: 'endpoints', exists: false },
            { attr: 'endpoints', lt: ENDPOINTS_PER_SHARD },
          ],
        },
      })
    const record = endpoint
      .build(PutTransaction)
      .item(next)
      .options({ condition: { attr: 'revision', exists: false } })
    const refusal = await writeAll(room, record, this.#pass(next, fence))
    if (!refusal) return 'placed'
    return refusal[0] ? 'full' : 'beaten'
  }

  /** Changes the record of an endpoint in the name of a turn that may speak for it. */
  async speak(next: EndpointItem, fence: Fence | undefined): Promise<boolean> {
    const { endpoint } = this.#items
    const record = endpoint
      .build(PutTransaction)
      .item(next)
      .options({ condition: { attr: 'revision', eq: next.revision - 1 } })
    return !(await writeAll(record, this.#pass(next, fence)))
  }

  async save(next: EndpointItem): Promise<boolean> {
    const { endpoint } = this.#items
    const condition = { attr: 'revision', eq: next.revision - 1 } as const
    return isMade(endpoint.build(PutItemCommand).item(next).options({ condition }).send())
  }

  /** Leaves nothing of the endpoint, whose place is free again. */
  async forget(seen: EndpointItem): Promise<boolean> {
    const { endpoint, load } = this.#items
    const { owner, item, revision } = seen
    const record = endpoint
      .build(DeleteTransaction)
      .key({ owner, item })
      .options({ condition: { attr: 'revision', eq: revision } })
    const room = load.build(UpdateTransaction).item({ ...loadOf(seen), endpoints: $add(-1) })
    return !(await writeAll(record, room))
  }

  /** From now on nobody may point any endpoint of the app but these in a turn up to this one. */
  async raise(
    key: AppKey,
    { turn, keptLabels, now }: { turn: number; keptLabels: string[]; now: number },
    fence: Fence | undefined,
  ): Promise<boolean> {
    const next: Fence = {
      owner: ownerOf(key),
      item: FENCE,
      turn,
      keptLabels,
      revision: (fence?.revision ?? 0) + 1,
    }
    // With the last endpoint goes the last one who could say something late, though not within the same moment.
    if (keptLabels.length === 0) next.expiresAt = Math.ceil(now / 1000) + REMEMBERED_SECONDS
    const condition = unchanged(fence)
    return isMade(this.#items.fence.build(PutItemCommand).item(next).options({ condition }).send())
  }

  /** That the fence is still as it was read; raised, where nobody has spoken in the endpoint's turn. */
  #pass({ owner, turn }: EndpointItem, fence: Fence | undefined) {
    const entity = this.#items.fence
    const condition = unchanged(fence)
    if (fence?.turn === turn) {
      return entity.build(ConditionCheck).key({ owner, item: FENCE }).condition(condition)
    }
    const next: Fence = { owner, item: FENCE, turn, revision: (fence?.revision ?? 0) + 1 }
    return entity.build(PutTransaction).item(next).options({ condition })
  }
}

/** Whether nobody has spoken in a higher turn, nor removed the endpoint in this one. */
export function mayPoint(fence: Fence | undefined, { turn, label }: Endpoint): boolean {
  if (!fence || turn > fence.turn) return true
  return turn === fence.turn && (fence.keptLabels?.includes(label) ?? true)
}

export function keyOf({ env, app, label }: AppKey & { label: string }): { owner: string; item: string } {
  return { owner: ownerOf({ env, app }), item: ENDPOINT + label }
}

const ownerOf = ({ env, app }: AppKey): string => `${env}/${app}`

const loadOf = ({ listenerArn }: EndpointItem) => ({ owner: `shard/${listenerArn}`, item: 'load' })

const unchanged = (fence: Fence | undefined) =>
  fence ? ({ attr: 'revision', eq: fence.revision } as const) : ({ attr: 'revision', exists: false } as const)

async function isMade(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
