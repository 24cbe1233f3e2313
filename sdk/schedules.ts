import type { Schedule as ScheduleSpec } from '../protocol/manifest.ts'
import { refuseUnknownKeys } from './known-keys.ts'

/** When a function runs by itself; made by `Cron` or `Period`. */
export type Schedule =
  | { type: 'cron'; expression: string; timezone?: string }
  | Extract<ScheduleSpec, { type: 'period' }>

const SECONDS_IN = { days: 86_400, hours: 3600, minutes: 60, seconds: 1 } as const
type Unit = keyof typeof SECONDS_IN
const UNITS = Object.keys(SECONDS_IN) as Unit[]

/**
 * At the times of a five-field cron expression.
 * @param expression minute, hour, day of month, month, day of week: `'0 6 * * *'` is every day at six
 * @param options `timezone`: an IANA name such as `'Europe/Paris'`; UTC unless given
 */
export function Cron(expression: string, options: { timezone?: string } = {}): Schedule {
  refuseUnknownKeys('Cron(…)', options, ['timezone'])
  return { type: 'cron', expression, ...options }
}

/** Again and again after this much time, from the first deploy on: `Period({ hours: 4 })`. */
export function Period(every: Partial<Record<Unit, number>>): Schedule {
  refuseUnknownKeys('Period(…)', every, UNITS)
  const seconds = UNITS.reduce((sum, unit) => sum + (every[unit] ?? 0) * SECONDS_IN[unit], 0)
  if (!(seconds > 0)) {
    throw new TypeError('Period(…) needs a time, such as { hours: 4 } or { days: 1, minutes: 30 }.')
  }
  return { type: 'period', seconds }
}
