import { randomFillSync } from 'node:crypto'
import { encodeTime, incrementBase32 } from 'ulid'
import type { Clock, Ids } from '../../control/ports.ts'

/** Of an id, the characters that put it in its place: its time, and where in that millisecond. The rest is by chance. */
const TIME = 10
const WITHIN = 8
const REST = 8
/** Crockford's, which ULIDs are written in: five bits each. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Ids such as `ca-01k3…`: those of one process sort in the order in which they were made. None can be told from the one
 * before: whoever has the id of a call may ask for its result.
 */
export class LocalIds implements Ids {
  readonly #clock: Clock
  #at = Number.NEGATIVE_INFINITY
  #place = ''

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(prefix: Parameters<Ids['next']>[0]): string {
    const now = this.#clock.now()
    this.#place = now > this.#at ? encodeTime(now, TIME) + digits(WITHIN) : incrementBase32(this.#place)
    this.#at = Math.max(this.#at, now)
    return `${prefix}-${(this.#place + digits(REST)).toLowerCase()}`
  }
}

/** What all ids that are made at that time or later come after, or at. */
export const firstIdAt = (prefix: Parameters<Ids['next']>[0], at: number): string =>
  `${prefix}-${encodeTime(at, TIME).toLowerCase()}`

/** Asked for in advance: each time takes as long as reading a call. */
const chance = new Uint8Array(4_096)
let used = chance.length

/** The library's own ask for random bytes once for each digit, which takes as long as storing a call. */
function digits(count: number): string {
  if (used + count > chance.length) {
    randomFillSync(chance)
    used = 0
  }
  let text = ''
  for (const byte of chance.subarray(used, used + count)) text += DIGITS.charAt(byte % DIGITS.length)
  used += count
  return text
}
