import type { Call, CallDraft } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { partitionOf, timePlace } from './places.ts'

/** Which lists a call is on: the attributes that the indexes of calls are made of, see tables.ts. */

/** A partition of an index takes 1,000 writes a second, and each waiting call is two: one when it comes, one when it goes. */
const SHARDS = 16
export const DUE_LISTS = Array.from({ length: SHARDS }, (_, shard) => `due#${shard}`)

/** Begins the places of a function's waiting calls: of this pin, or of those without one. */
export const groupOf = (name: string, pin: number | undefined): string => `${name}#${pin ?? ''}#`

/** After all places of a group, before any other's: no group goes on with a sign that sorts this late. */
export const afterGroup = (group: string): string => `${group}~`

export interface Place {
  group: string
  function: string
  pin: number | undefined
  availableAt: number
}

export function readPlace(place: string): Place {
  const [name = '', pin = '', availableAt] = place.split('#')
  return {
    group: `${name}#${pin}#`,
    function: name,
    pin: pin === '' ? undefined : Number(pin),
    availableAt: Number(availableAt),
  }
}

type Waiting = Pick<Call, 'id' | 'env' | 'app' | 'function' | 'pin' | 'availableAt'>

export const placeOf = (call: Waiting): string =>
  `${groupOf(call.function, call.pin)}${timePlace(call.availableAt)}#${call.id}`

export function whileWaiting(call: Waiting) {
  // The last sign of an id is as good as random.
  const shard = call.id.charCodeAt(call.id.length - 1) % SHARDS
  return { pendingIn: partitionOf(call), place: placeOf(call), dueIn: `due#${shard}` }
}

export const scheduledList = (key: AppKey, name: string): string => `${partitionOf(key)}#${name}`

export function always(draft: CallDraft) {
  return {
    madeIn: partitionOf(draft),
    ...(draft.source === 'schedule' && { scheduledIn: scheduledList(draft, draft.function) }),
  }
}
