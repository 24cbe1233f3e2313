import { InvalidArgumentError } from 'commander'
import { toSeconds } from '../sdk/durations.ts'

/** `Date.parse` alone takes a bare 10 for a month. */
const DATE = /^\d{4}-/

/** How long ago, or when: `10m`, or `2026-01-31T06:00Z`. @returns ISO 8601 */
export function parseTime(text: string): string {
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  try {
    return new Date(Date.now() - toSeconds(text, 'time') * 1000).toISOString()
  } catch {
    throw new InvalidArgumentError(
      'Write how long ago, such as 10m or 2h, or a time such as 2026-01-31T06:00Z.',
    )
  }
}
