import { SluiceError } from '../protocol/errors.ts'

/** What the place of each list looks like: the name, number or id of the last item that was seen. */
const PLACES = {
  apps: /^[\w.-]{1,64}$/,
  versions: /^[1-9]\d{0,14}$/,
  containers: /^(\d{1,15}\.)?[\w-]{1,64}$/,
  calls: /^[\w-]{1,64}$/,
  audit: /^[\w-]{1,64}$/,
  tokens: /^[\w-]{1,64}$/,
  secrets: /^[\w.-]{1,64}$/,
} as const

export type List = keyof typeof PLACES

/** Where a list goes on, as its reader gets it: opaque, so that it may come to mean something else. */
export function toCursor(list: List, place: string | number): string {
  return btoa(`${list}:${place}`).replaceAll('=', '')
}

/** @throws SluiceError `invalid_request` for what no page of this list has given out. */
export function fromCursor(list: List, cursor: string): string {
  const [of, place = ''] = decoded(cursor).split(':')
  if (of === list && PLACES[list].test(place) && toCursor(list, place) === cursor) return place
  const message = `is not a cursor of a list of ${list}: take it from the answer before, or leave it out to begin`
  throw new SluiceError('invalid_request', `query.cursor ${message}.`, [{ path: 'query.cursor', message }])
}

function decoded(cursor: string): string {
  try {
    return atob(cursor)
  } catch {
    return ''
  }
}
