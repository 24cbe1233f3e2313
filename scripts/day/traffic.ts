/** Calls as a day brings them: always the same ones for the same seed. */

const DAY_S = 86_400

export interface Traffic {
  /** Calls a second at the quietest and the busiest time of the day. */
  least: number
  most: number
  /** Seconds that half of the calls take at most; the rest have a long tail. */
  medianS: number
}

/** What a tail looks like: p95 is 4.2 times the median, the mean 1.46 times. */
const SIGMA = 0.87
/** Somebody starts a batch: so many times what is usual then, for ten minutes. */
const BURST = { fromS: 15 * 3600, toS: 15 * 3600 + 600, times: 2.5 }

/** Calls a second at this time of the day: quiet at four, busy at two in the afternoon. */
export function rateAt(second: number, { least, most }: Traffic): number {
  const wave = (1 - Math.cos(((second - 4 * 3600) / DAY_S) * 2 * Math.PI)) / 2
  const rate = least + (most - least) * wave ** 1.5
  return second >= BURST.fromS && second < BURST.toS ? rate * BURST.times : rate
}

export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** Between 0 and 1 (mulberry32, by Tommy Ettinger). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** How many calls come in a second in which so many are to be expected. */
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.#normal()))
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.next(); product > limit; product *= this.next()) count++
    return count
  }

  /** Seconds that a call takes. */
  duration({ medianS }: Traffic): number {
    return medianS * Math.exp(SIGMA * this.#normal())
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }
}
