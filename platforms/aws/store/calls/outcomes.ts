import { isDeepStrictEqual } from 'node:util'
import type { FormattedItem } from 'dynamodb-toolbox/entity'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add, $remove, $set } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { CallStore } from '../../../../control/store-port.ts'
import { read } from '../dynamodb/read.ts'
import { writeAll } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { whileWaiting } from '../items/call-places.ts'
import type { ContainerEntity } from '../items/container.ts'
import { expiryAfter } from '../items/places.ts'
import { giveBack, letGo } from './holds.ts'

type Outcomes = Pick<CallStore, 'finishCall' | 'releaseCall' | 'cancelCall' | 'failCall'>

/** How a call ends, or goes back to wait. What has ended never changes. */
export function outcomes(calls: CallEntity, containers: ContainerEntity): Outcomes {
  return {
    finishCall: async (id, lease, { status, result, error, at }) => {
      const { done, item } = await update(
        calls,
        {
          ...ended(at),
          id,
          status,
          result: result && $set(result),
          error: error ?? $remove(),
          failures: $add(status === 'succeeded' ? 0 : 1),
        },
        runningUnder(lease),
      )
      // As well where the answer to an attempt that got through was lost, and the SDK has tried again what was done.
      const isDone = done || isDeepStrictEqual(item && endOf(item), { lease, status, result, error, at })
      if (item && isDone) await letGo(containers, item, at)
      return isDone
    },

    releaseCall: async (id, lease, again) => {
      const call = await read(calls, { id })
      if (call?.lease !== lease || call.status !== 'running' || call.container === undefined) return false
      const waiting = { ...toCall(call), availableAt: again.availableAt }
      const release = calls
        .build(UpdateTransaction)
        .item({
          ...whileWaiting(waiting),
          id,
          status: 'pending',
          availableAt: again.availableAt,
          error: again.error,
          failures: $add(Number(again.failed)),
          container: $remove(),
          version: $remove(),
          lease: $remove(),
        })
        .options({ condition: runningUnder(lease) })
      return (await writeAll(release, giveBack(containers, call.container, id, again.at))) === undefined
    },

    cancelCall: async (id, at, error) => {
      const { item } = await update(
        calls,
        { ...ended(at), id, status: 'cancelled', error },
        { attr: 'status', in: ['pending', 'running'] },
        'ALL_OLD',
      )
      if (item?.status === 'running') await letGo(containers, item, at)
      return item && toCall(item)
    },

    failCall: async (id, error, at) => {
      const failed = { ...ended(at), id, status: 'failed' as const, error }
      return (await update(calls, failed, { attr: 'status', eq: 'pending' })).done
    },
  }
}

function endOf({ lease, status, result, error, endedAt: at }: FormattedItem<CallEntity>) {
  return { lease, status, result, error, at }
}

/** Off all lists of calls that want something. */
function ended(at: number) {
  return {
    endedAt: at,
    expiresAt: expiryAfter(at),
    pendingIn: $remove(),
    place: $remove(),
    dueIn: $remove(),
    scheduledIn: $remove(),
  }
}

const runningUnder = (lease: string): Condition<CallEntity> => ({
  and: [
    { attr: 'status', eq: 'running' },
    { attr: 'lease', eq: lease },
  ],
})
