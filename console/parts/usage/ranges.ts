const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const STEPS = { '5m': HOUR_MS / 12, '1h': HOUR_MS, '1d': DAY_MS } as const
export type Step = keyof typeof STEPS

/** How far back a page may look, and in parts of how long; the first is the one that is taken. */
export const RANGES = {
  '1h': { ms: HOUR_MS, steps: ['5m'] },
  '6h': { ms: 6 * HOUR_MS, steps: ['5m', '1h'] },
  '24h': { ms: DAY_MS, steps: ['1h', '5m'] },
  '7d': { ms: 7 * DAY_MS, steps: ['1h', '1d'] },
  '30d': { ms: 30 * DAY_MS, steps: ['1d', '1h'] },
} as const satisfies Record<string, { ms: number; steps: readonly [Step, ...Step[]] }>
export type Range = keyof typeof RANGES
