import type { CallStore } from '../../../../control/call-store-port.ts'
import { type Call, isTerminal } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { chunks } from '../dynamodb/chunks.ts'
import { type Keys, list } from '../dynamodb/query.ts'
import { readAll } from '../dynamodb/read.ts'
import { update } from '../dynamodb/update.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { DUE_LISTS, groupOf, placeOf, scheduledList } from '../items/call-places.ts'
import { partitionOf } from '../items/places.ts'

/** Calls that are bound to a version at once; whoever asked sees those that are left, and asks again. */
const MOST_PINNED = 500
const AT_ONCE = 25

type Pending = Pick<CallStore, 'pendingCalls' | 'overdueCalls' | 'pinCalls' | 'hasActiveScheduledCall'>

/** Calls that wait. Indexes say where to look, the calls themselves what is true. */
export function pending(calls: CallEntity): Pending {
  const { table } = calls
  const readThese = async (found: Keys[]): Promise<Call[]> => {
    const items = await readAll(
      calls,
      found.map(({ id }) => ({ id: String(id) })),
    )
    return items.map(toCall)
  }

  const waiting = async (
    key: AppKey,
    name: string | undefined,
    pin: number | undefined,
    limit: number,
  ): Promise<Call[]> => {
    const range = name === undefined ? {} : { range: { beginsWith: groupOf(name, pin) } }
    const found = await list(table, { index: 'pending', partition: partitionOf(key), ...range }, { limit })
    const isAsked = (call: Call): boolean =>
      call.status === 'pending' && (name === undefined || (call.function === name && call.pin === pin))
    return (await readThese(found)).filter(isAsked).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  }

  return {
    pendingCalls: waiting,

    overdueCalls: async (since, limit) => {
      const lists = await Promise.all(
        DUE_LISTS.map((partition) =>
          list(table, { index: 'due', partition, range: { lte: since } }, { limit }),
        ),
      )
      const longest = lists.flat().sort(byTime).slice(0, limit)
      const overdue = (await readThese(longest)).filter(
        ({ status, availableAt }) => status === 'pending' && availableAt <= since,
      )
      return overdue.sort((a, b) => a.availableAt - b.availableAt)
    },

    pinCalls: async (key, name, version) => {
      const unpinned = await waiting(key, name, undefined, MOST_PINNED)
      for (const batch of chunks(unpinned, AT_ONCE))
        await Promise.all(batch.map((call) => pin(calls, call, version)))
    },

    hasActiveScheduledCall: async (key, name) => {
      const found = await list(table, { index: 'scheduled', partition: scheduledList(key, name) })
      return (await readThese(found)).some(({ status }) => !isTerminal(status))
    },
  }
}

async function pin(calls: CallEntity, call: Call, version: number): Promise<void> {
  const place = placeOf({ ...call, pin: version })
  await update(
    calls,
    { id: call.id, pin: version, place },
    {
      and: [
        { attr: 'status', eq: 'pending' },
        { attr: 'pin', exists: false },
        // Otherwise it has run and come back meanwhile, and belongs elsewhere.
        { attr: 'availableAt', eq: call.availableAt },
      ],
    },
  )
}

const byTime = (a: Keys, b: Keys): number => Number(a.availableAt) - Number(b.availableAt)
