import { Cron } from 'croner'
import { nearest } from './nearest.ts'

/**
 * Five-field Unix cron: minute, hour, day of the month, month, day of the week. Where both day fields are restricted,
 * either one is enough; a field that begins with `*` is not a restriction, so that `*\/2` and a weekday must both hold.
 */

interface Field {
  name: string
  min: number
  max: number
  /** What may be written instead of the numbers from `min` on. */
  names: string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** Cron counts Sunday as 0, and as 7 too, so that a range can end with it. */
const LAST_SUNDAY = 7

const FIELDS: Field[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: LAST_SUNDAY, names: WEEKDAYS },
]

/** What is wrong with a cron schedule, as a predicate such as "must have five fields"; undefined if it can be used. */
export function cronFault(expression: string, timezone: string): string | undefined {
  return fieldsFault(expression) ?? timezoneFault(timezone) ?? neverFault(expression, timezone)
}

/** The first time after `after` at which the expression holds; both in milliseconds since the epoch. */
export function nextCronSlot(expression: string, timezone: string, after: number): number | undefined {
  return cron(expression, timezone).nextRun(new Date(after))?.getTime()
}

/** The last times until and including `until` at which the expression held, at most so many, in order. */
export function lastCronSlots(expression: string, timezone: string, until: number, most: number): number[] {
  const last = cron(expression, timezone).previousRuns(most, new Date(until + 1))
  return last.map((date) => date.getTime()).reverse()
}

/** Whether the expression comes at this time, milliseconds since the epoch. */
export function isCronSlot(expression: string, timezone: string, at: number): boolean {
  return nextCronSlot(expression, timezone, at - 1) === at
}

function cron(expression: string, timezone: string): Cron {
  const [, , dayOfMonth = '', , dayOfWeek = ''] = expression.trim().split(/\s+/)
  return new Cron(expression, {
    mode: '5-part',
    timezone,
    domAndDow: dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*'),
    // As in Unix cron: what names its hours runs once on the days when clocks change, also in an hour that is left out.
    fixedTimeRule: 'no-wildcard',
  })
}

function fieldsFault(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/)
  if (parts.length !== FIELDS.length) {
    return `must have five fields (minute, hour, day of the month, month, day of the week), such as "0 6 * * *", but is "${expression}"`
  }
  for (const [index, field] of FIELDS.entries()) {
    const text = parts[index] ?? ''
    for (const item of text.split(',')) {
      const fault = itemFault(field, item)
      if (fault) return `has "${text}" as its ${field.name}: ${fault}`
    }
  }
  return undefined
}

/** One item of a field's list: `*`, a value, or a range; the first and the last also with `/step`. */
function itemFault(field: Field, item: string): string | undefined {
  const [range = '', ...steps] = item.split('/')
  const fault = range === '*' ? undefined : rangeFault(field, range)
  return fault ?? (steps.length > 0 ? stepFault(field, range, steps.join('/')) : undefined)
}

function rangeFault(field: Field, range: string): string | undefined {
  const ends = range.split('-')
  if (ends.length > 2) return `"${range}" is not a range`
  const unknown = ends.find((end) => numberOf(field, end) === undefined)
  if (unknown !== undefined) return `"${unknown}" must be ${describe(field)}`
  const [from = 0, to = from] = ends.map((end) => numberOf(field, end))
  const isToSunday = field.names === WEEKDAYS && ends[1]?.toLowerCase() === 'sun'
  return from <= to || isToSunday ? undefined : `"${range}" ends before it begins`
}

function stepFault(field: Field, range: string, step: string): string | undefined {
  if (!/^\d{1,2}$/.test(step) || Number(step) < 1 || Number(step) > field.max) {
    return `the step "${step}" must be a number from 1 to ${field.max}`
  }
  if (range === '*' || range.includes('-')) return undefined
  return `a step goes with "*" or a range, such as "*/${step}" or "${range}-${field.max}/${step}"`
}

function numberOf({ min, max, names }: Field, text: string): number | undefined {
  const named = names.indexOf(text.toLowerCase())
  if (named !== -1) return min + named
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

function describe({ min, max, names }: Field): string {
  return `a number from ${min} to ${max}${names.length > 0 ? `, or one of ${names.join(', ')}` : ''}`
}

function timezoneFault(timezone: string): string | undefined {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')]
  if (zones.includes(timezone)) return undefined
  const meant = nearest(timezone, zones) ?? zoneOfCity(timezone, zones)
  const isMiscased = meant?.toLowerCase() === timezone.toLowerCase()
  // The list lacks the older names of some zones, such as US/Pacific, which are valid all the same.
  if (!isMiscased && isKnownZone(timezone)) return undefined
  const hint = meant ? `did you mean "${meant}"?` : 'write one such as "Europe/Paris"'
  return `has the time zone "${timezone}", which the IANA database does not know; ${hint}`
}

function zoneOfCity(city: string, zones: string[]): string | undefined {
  const byCity = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]))
  return byCity.get(nearest(city, byCity.keys()) ?? '')
}

/** Offsets such as +01:00 are understood by `Intl`, but are no zones. */
function isKnownZone(timezone: string): boolean {
  if (!/^[A-Za-z]/.test(timezone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return true
  } catch {
    return false
  }
}

function neverFault(expression: string, timezone: string): string | undefined {
  if (nextCronSlot(expression, timezone, 0) !== undefined) return undefined
  return `never comes: "${expression}" names a day that none of its months has`
}
