import { nearest } from '../protocol/nearest.ts'

/**
 * Refuses keys that nothing would read, since a mistyped option that is ignored is found out in production.
 * @throws TypeError naming the first unknown key and the nearest known one
 */
export function refuseUnknownKeys(what: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${what} takes an object, and was given ${JSON.stringify(given)}.`)
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown === undefined) return
  const meant = nearest(unknown, known)
  const hint = meant ? `Did you mean "${meant}"?` : `It takes ${known.join(', ')}.`
  throw new TypeError(`${what} has no option "${unknown}". ${hint}`)
}
