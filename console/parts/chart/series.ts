/** The colours that series are told apart by; see chart.css. `rest` is what is not told apart. */
export const COLOURS = ['one', 'two', 'three', 'four'] as const
export type Colour = (typeof COLOURS)[number] | 'rest'

/** One value for each part of the time; null where there is none. */
export type Values = (number | null)[]

export interface Series {
  label: string
  colour: Colour
  values: Values
  /** Where a second line runs above it, with the ground between both tinted. */
  upTo?: Values
}

/** Equal parts of a stretch of time, in milliseconds since the epoch. */
export interface Grid {
  since: number
  /** The end of the last part that there are figures of: now, at most. */
  until: number
  step: number
  /** When each part begins. */
  starts: number[]
}

/** Something that happened at a time, marked in every chart. */
export interface Marker {
  at: number
  label: string
}

export const middleOf = (start: number, { step }: Grid): number => start + step / 2

/** What bars that stand on each other reach up to. The last series stands at the bottom. */
export function stacked(series: Series[]): Values[] {
  const tops: number[] = []
  return series
    .toReversed()
    .map(({ values }) =>
      values.map((value, index) => {
        tops[index] = (tops[index] ?? 0) + (value ?? 0)
        return value ? tops[index] : null
      }),
    )
    .toReversed()
}

export function highest(values: Values): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}

export const isEmpty = (series: Series[]): boolean => series.every(({ values }) => highest(values) === 0)
