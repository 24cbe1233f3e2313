import type { Bench } from './bench.ts'
import { type Spread, spread } from './spread.ts'

/** What one contestant came to in one round, by the key of the measure. */
export type Sample = Record<string, number>

/** `limit`: less than that cannot be done. `ours`: Sluice. `peer`: what people would use instead. */
export type Side = 'limit' | 'ours' | 'peer'

export interface Contestant {
  name: string
  side: Side
  run(round: number): Promise<Sample>
}

/** What contestants are compared by. */
export interface Measure {
  title: string
  unit: string
  /** Of the figures that are shown; 2 unless given. */
  digits?: number
}

/** How one contestant did in one measure. */
export interface Row {
  group: string
  measure: string
  unit: string
  digits: number
  contestant: string
  side: Side
  value: Spread
  /** Times the limit of the same round. */
  toLimit?: Spread
  /** Sluice's as a share of this one's of the same round. */
  oursToIt?: Spread
}

interface Series {
  contestant: Contestant
  samples: Sample[]
}

/**
 * Round by round, each contestant in turn, so that other load hits all alike; who begins changes. A peer that breaks is left
 * out from then on, since what is told of Sluice does not need it.
 * @param warmUp whether everybody has one turn before, which does not count
 */
export async function interleaved(
  contestants: Contestant[],
  { rounds, skip }: Pick<Bench, 'rounds' | 'skip'>,
  warmUp = true,
): Promise<Series[]> {
  let series = contestants.map((contestant) => ({ contestant, samples: [] as Sample[] }))
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    const turn = Math.max(0, round) % series.length
    for (const one of [...series.slice(turn), ...series.slice(0, turn)]) {
      try {
        const sample = await one.contestant.run(round)
        if (round >= 0) one.samples.push(sample)
      } catch (error) {
        if (one.contestant.side !== 'peer') throw error
        skip(one.contestant.name, reasonOf(error))
        series = series.filter((other) => other !== one)
      }
    }
  }
  return series
}

/** What a peer comes to: nothing, said aloud, where it cannot be set up here. */
export async function setUp(
  peer: string,
  bench: Pick<Bench, 'skip'>,
  start: () => Promise<Contestant[]>,
): Promise<Contestant[]> {
  try {
    return await start()
  } catch (error) {
    bench.skip(peer, reasonOf(error))
    return []
  }
}

const reasonOf = (error: unknown): string =>
  `it broke: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`

/** One row for each measure and contestant; where Sluice is there in several ways, the first is what others are compared with. */
export function rowsOf(group: string, measures: Record<string, Measure>, series: Series[]): Row[] {
  const limit = series.find(({ contestant }) => contestant.side === 'limit')
  const ours = series.find(({ contestant }) => contestant.side === 'ours')
  return Object.entries(measures).flatMap(([key, { title, unit, digits = 2 }]) => {
    const of = (one: Series | undefined) => one?.samples.map((sample) => sample[key] ?? Number.NaN) ?? []
    return series.flatMap((one): Row[] => {
      const values = of(one)
      if (values.every(Number.isNaN)) return []
      const { name, side } = one.contestant
      const row: Row = {
        group,
        measure: title,
        unit,
        digits,
        contestant: name,
        side,
        value: spread(values),
      }
      if (side !== 'limit') addRatio(row, 'toLimit', ratios(values, of(limit)))
      if (side !== 'ours') addRatio(row, 'oursToIt', ratios(of(ours), values))
      return [row]
    })
  })
}

function addRatio(row: Row, name: 'toLimit' | 'oursToIt', of: number[]): void {
  if (of.length > 0) row[name] = spread(of)
}

/** Of the figures of the same round. */
function ratios(values: number[], others: number[]): number[] {
  return values
    .map((value, round) => value / (others[round] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio))
}
