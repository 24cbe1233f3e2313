/** A five-field cron expression as protocol/cron.ts admits it, spelt out. */
export interface UnixCron {
  minutes: number[]
  hours: number[]
  daysOfMonth: number[]
  months: number[]
  /** From Sunday, 0. */
  daysOfWeek: number[]
  /** Whether a day must be among both its days of the month and of the week, or one of them is enough. */
  days: 'both' | 'either'
}

interface Field {
  min: number
  max: number
  /** What may be written instead of the numbers from `min` on. */
  names?: string[]
}

const MINUTE: Field = { min: 0, max: 59 }
const HOUR: Field = { min: 0, max: 23 }
const DAY_OF_MONTH: Field = { min: 1, max: 31 }
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH: Field = { min: 1, max: 12, names: MONTHS }
const DAYS_IN_WEEK = 7
/** Sunday is 7 too, so that a range can end with it. */
const DAY_OF_WEEK: Field = {
  min: 0,
  max: DAYS_IN_WEEK,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
}

/** @param expression must be valid, see protocol/cron.ts */
export function readUnixCron(expression: string): UnixCron {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = expression.trim().split(/\s+/)
  return {
    minutes: valuesOf(MINUTE, minute),
    hours: valuesOf(HOUR, hour),
    daysOfMonth: valuesOf(DAY_OF_MONTH, dayOfMonth),
    months: valuesOf(MONTH, month),
    daysOfWeek: distinct(valuesOf(DAY_OF_WEEK, dayOfWeek).map((day) => day % DAYS_IN_WEEK)),
    days: dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*') ? 'both' : 'either',
  }
}

function valuesOf(field: Field, text: string): number[] {
  return distinct(text.split(',').flatMap((item) => valuesOfItem(field, item)))
}

function valuesOfItem(field: Field, item: string): number[] {
  const [range = '', step = '1'] = item.split('/')
  const [from, to] = endsOf(field, range)
  const values: number[] = []
  for (let value = from; value <= to; value += Number(step)) values.push(value)
  return values
}

function endsOf(field: Field, range: string): [from: number, to: number] {
  if (range === '*') return [field.min, field.max]
  const [first = '', last] = range.toLowerCase().split('-')
  const from = numberOf(field, first)
  if (last === undefined) return [from, from]
  return [from, last === 'sun' ? DAYS_IN_WEEK : numberOf(field, last)]
}

function numberOf({ min, names = [] }: Field, text: string): number {
  const named = names.indexOf(text)
  return named === -1 ? Number(text) : min + named
}

const distinct = (values: number[]): number[] => [...new Set(values)].toSorted((a, b) => a - b)
