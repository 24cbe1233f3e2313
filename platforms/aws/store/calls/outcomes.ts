import { isDeepStrictEqual } from 'node:util'
import type { FormattedItem } from 'dynamodb-toolbox/entity'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import type { UpdateItemInput } from 'dynamodb-toolbox/entity/actions/update'
import { $add, $remove, $set } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { CallStore } from '../../../../control/call-store-port.ts'
import type { Notice } from '../../../../control/notice-model.ts'
import { read } from '../dynamodb/read.ts'
import { writeAll } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { whileWaiting } from '../items/call-places.ts'
import type { ContainerEntity } from '../items/container.ts'
import type { NoticeEntity } from '../items/notice.ts'
import { expiryAfter } from '../items/places.ts'
import { noticePuts } from '../notices/deliveries.ts'
import { giveBack, letGo } from './holds.ts'

type Outcomes = Pick<CallStore, 'finishCall' | 'releaseCall' | 'cancelCall' | 'failCall'>

/** How a call ends, or goes back to wait. What has ended never changes. */
export function outcomes(calls: CallEntity, containers: ContainerEntity, notices: NoticeEntity): Outcomes {
  /** With what is to be told of it, it is a transaction; most ends are told to nobody. */
  const updateWith = async (
    id: string,
    values: Omit<UpdateItemInput<CallEntity>, 'id'>,
    condition: Condition<CallEntity>,
    notice: Notice | undefined,
  ): Promise<{ done: boolean; item: FormattedItem<CallEntity> | undefined }> => {
    if (!notice) return update(calls, { ...values, id }, condition)
    const end = calls
      .build(UpdateTransaction)
      .item({ ...values, id })
      .options({ condition })
    const refusal = await writeAll(end, ...noticePuts(notices, notice))
    return { done: refusal === undefined, item: await read(calls, { id }) }
  }

  return {
    finishCall: async (id, lease, { status, result, error, at, notice }) => {
      const end = {
        ...ended(at),
        status,
        result: result && $set(result),
        error: error ?? $remove(),
        failures: $add(status === 'succeeded' ? 0 : 1),
      }
      const { done, item } = await updateWith(id, end, runningUnder(lease), notice)
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

    failCall: async (id, error, at, notice) => {
      const failed = { ...ended(at), status: 'failed' as const, error }
      return (await updateWith(id, failed, { attr: 'status', eq: 'pending' }, notice)).done
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
