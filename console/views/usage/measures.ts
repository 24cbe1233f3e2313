import type { UsageFigures } from '../../../protocol/usage-view.ts'
import type { Colour } from '../../parts/chart/series.ts'
import { containerTime, dollars } from '../../parts/usage/amounts.ts'

/** What containers' time goes into, the part of the warm pool and that of redeploys apart. */
export const PHASES = [
  ['draining', 'Draining', 'two'],
  ['starting', 'Starting', 'four'],
  ['idle', 'Idle', 'three'],
  ['busy', 'Busy', 'one'],
] as const satisfies [keyof UsageFigures['containerSeconds'], string, Colour][]

interface MeasureOf {
  title: string
  of: (figures: UsageFigures) => UsageFigures['containerSeconds'] & { requests?: number }
  format: (value: number) => string
  apart?: readonly number[]
}

/** Seconds that are a whole number of minutes, hours or days. */
const ROUND_SECONDS = [
  1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 172_800, 432_000, 864_000,
]

export type Measure = 'cost' | 'time'

export const MEASURES: Record<Measure, MeasureOf> = {
  cost: { title: 'Cost', of: ({ cost }) => cost, format: dollars },
  time: {
    title: 'Container time',
    of: ({ containerSeconds }) => containerSeconds,
    format: containerTime,
    apart: ROUND_SECONDS,
  },
}
