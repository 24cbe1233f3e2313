import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import type { CallStore } from '../../../../control/call-store-port.ts'
import { type Demand, keyOf } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { presentContainers } from '../containers/lists.ts'
import { list } from '../dynamodb/query.ts'
import type { CallEntity } from '../items/call.ts'
import { afterGroup, readPlace } from '../items/call-places.ts'
import type { ContainerEntity } from '../items/container.ts'
import { partitionOf } from '../items/places.ts'
import { WAITING, type WaitingEntity } from '../items/waiting.ts'

/** More calls of one group than these are not counted: no pool gets so many containers at once. */
const MOST_COUNTED = 1000
/** Whoever noted that a request waits and has not noted it again since is gone: Lambda has ended it. */
const STALE_MS = 120_000

/** Of requests that wait for whatever version is live: part of a key, which must be there. */
const NO_PIN = 0

/** Sorts before every function. */
const BEGIN = ' '

interface Items {
  calls: CallEntity
  containers: ContainerEntity
  waiting: WaitingEntity
}

/** Counts by what indexes say: that they say it a moment late is made good by the next look. */
export function demands(items: Items): Pick<CallStore, 'demand' | 'setWaiting'> {
  return {
    demand: async (key, at) => {
      const board = new Board()
      await Promise.all([
        countPending(items.calls, key, at, board),
        countRunning(items.containers, key, board),
        countWaiting(items.waiting, key, at, board),
      ])
      return board.demands()
    },

    setWaiting: async ({ pin = NO_PIN, ...whom }, waiting) => {
      await items.waiting
        .build(PutItemCommand)
        .item({ ...keyOf(whom), function: whom.function, pin, waiting, notedAt: Date.now() })
        .send()
    },
  }
}

class Board {
  readonly #demands = new Map<string, Demand>()

  of(name: string, pin?: number): Demand {
    const id = `${name}@${pin}`
    const demand = this.#demands.get(id) ?? {
      function: name,
      ...(pin !== undefined && { pin }),
      pending: 0,
      running: 0,
      waiting: 0,
    }
    this.#demands.set(id, demand)
    return demand
  }

  demands(): Demand[] {
    return [...this.#demands.values()]
  }
}

/** Goes through the groups of waiting calls, and leaves each as soon as all is known of it that matters. */
async function countPending(calls: CallEntity, key: AppKey, at: number, board: Board): Promise<void> {
  const partition = partitionOf(key)
  for (let from: string | undefined = BEGIN; from !== undefined; ) {
    const page = await list(
      calls.table,
      { index: 'pending', partition, range: { gt: from } },
      { limit: MOST_COUNTED },
    )
    for (const { place } of page) count(board, String(place), at)
    from = page.length < MOST_COUNTED ? undefined : next(board, String(page.at(-1)?.place))
  }
}

function count(board: Board, place: string, at: number): void {
  const { function: name, pin, availableAt } = readPlace(place)
  const demand = board.of(name, pin)
  if (availableAt <= at) demand.pending++
  else demand.nextDueAt ??= availableAt
}

/** Within a group the calls come by when they are due, so that one that must wait ends the count. */
function next(board: Board, last: string): string {
  const { group, function: name, pin } = readPlace(last)
  const { pending, nextDueAt } = board.of(name, pin)
  return pending >= MOST_COUNTED || nextDueAt !== undefined ? afterGroup(group) : last
}

async function countRunning(containers: ContainerEntity, key: AppKey, board: Board): Promise<void> {
  for (const { function: name, version, held, heldByPin } of await presentContainers(containers, key)) {
    if (held) board.of(name).running += held.size
    if (heldByPin) board.of(name, version).running += heldByPin.size
  }
}

async function countWaiting(waiting: WaitingEntity, key: AppKey, at: number, board: Board): Promise<void> {
  const query = { partition: partitionOf(key), range: { beginsWith: WAITING } }
  const formatter = waiting.build(EntityFormatter<WaitingEntity>)
  for (const item of await list(waiting.table, query, { consistent: true })) {
    const noted = formatter.format(item)
    if (noted.waiting === 0 || at - noted.notedAt >= STALE_MS) continue
    board.of(noted.function, noted.pin === NO_PIN ? undefined : noted.pin).waiting = noted.waiting
  }
}
