import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { isConditionCheckFailed, PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import type { AcceptCall, CallStore } from '../../../../control/call-store-port.ts'
import { type Call, type CallDraft, keyOf, NONE_LIVE } from '../../../../control/model.ts'
import { read } from '../dynamodb/read.ts'
import { update } from '../dynamodb/update.ts'
import type { AppEntity } from '../items/app.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { always, whileWaiting } from '../items/call-places.ts'
import type { IdempotencyEntity } from '../items/idempotency-key.ts'
import { expiryAfter } from '../items/places.ts'

interface Items {
  apps: AppEntity
  calls: CallEntity
  keys: IdempotencyEntity
}

/**
 * A call is written, and then taken away again if its version is no longer live: what stops the app or cuts over after
 * that look finds the call there. So no call waits for another one, or for a deploy, as in a transaction with the app.
 */
export function accepting(items: Items): Pick<CallStore, 'acceptCall' | 'callByKey'> {
  return {
    acceptCall: async (draft) => {
      const id = await idOf(items.keys, draft)
      for (let mayBeThere = id !== draft.id; ; mayBeThere = true) {
        const known = mayBeThere ? await askAgain(items.calls, id) : undefined
        if (known) return { kind: 'duplicate', call: known }
        // Whoever reserved the id has not written the call, or has taken it away: it is this one's to write.
        const call = await write(items.calls, { ...draft, id }, id === draft.id)
        if (call) return confirm(items, call)
      }
    },

    callByKey: async (key, idempotencyKey) => {
      const reserved = await read(items.keys, { ...keyOf(key), idempotencyKey })
      return reserved && askAgain(items.calls, reserved.call)
    },
  }
}

/** The draft's own id, or that of the first draft with its idempotency key. */
async function idOf(keys: IdempotencyEntity, draft: CallDraft): Promise<string> {
  const { idempotencyKey, id, createdAt } = draft
  if (idempotencyKey === undefined) return id
  try {
    await keys
      .build(PutItemCommand)
      .item({ ...keyOf(draft), idempotencyKey, call: id, expiresAt: expiryAfter(createdAt) })
      .options({
        // DynamoDB takes its time to forget what has expired.
        condition: {
          or: [
            { attr: 'call', exists: false },
            { attr: 'expiresAt', lt: Math.floor(createdAt / 1000) },
          ],
        },
        returnValuesOnConditionFalse: 'ALL_OLD',
      })
      .send()
    return id
  } catch (error) {
    if (!isConditionCheckFailed(error, keys)) throw error
    return error.FormattedItem?.call ?? id
  }
}

/** The call, which from now on is not taken away any more: somebody else counts on it. */
async function askAgain(calls: CallEntity, id: string): Promise<Call | undefined> {
  const { item } = await update(calls, { id, asked: true }, { attr: 'id', exists: true })
  return item && toCall(item)
}

/** Writes the call unless there is one. @returns nothing where somebody else has */
async function write(calls: CallEntity, draft: CallDraft, isOwnId: boolean): Promise<Call | undefined> {
  const call: Call = { ...draft, status: 'pending', attempts: 0, failures: 0, availableAt: draft.createdAt }
  try {
    await calls
      .build(PutItemCommand)
      .item({ ...call, ...always(draft), ...whileWaiting(call) })
      .options({ condition: { attr: 'id', exists: false }, returnValuesOnConditionFalse: 'ALL_OLD' })
      .send()
    return call
  } catch (error) {
    if (!isConditionCheckFailed(error, calls)) throw error
    // The answer to an attempt that got through was lost: the SDK has tried again what was done.
    return isOwnId && error.FormattedItem?.fingerprint === draft.fingerprint ? call : undefined
  }
}

async function confirm({ apps, calls }: Items, call: Call): Promise<AcceptCall> {
  const app = await read(apps, keyOf(call))
  const live = app?.liveVersion ?? NONE_LIVE
  if (app?.state === 'deployed' && live === call.acceptedVersion) return { kind: 'accepted', call }
  try {
    await calls
      .build(DeleteItemCommand)
      .key({ id: call.id })
      .options({
        condition: {
          and: [
            { attr: 'status', eq: 'pending' },
            { attr: 'attempts', eq: 0 },
            { attr: 'asked', exists: false },
          ],
        },
        returnValuesOnConditionFalse: 'ALL_OLD',
      })
      .send()
    return { kind: 'moved' }
  } catch (error) {
    if (!isConditionCheckFailed(error, calls)) throw error
    // It has begun, or ended, or somebody has been told of it: so it counts.
    return error.FormattedItem ? { kind: 'accepted', call: toCall(error.FormattedItem) } : { kind: 'moved' }
  }
}
