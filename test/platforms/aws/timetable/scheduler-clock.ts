/**
 * When EventBridge Scheduler fires, by its User Guide ("Schedule types"), and by nothing of what is tested: `cron` with
 * six fields and time zones whose clocks change, `rate` with a first time.
 */
export interface SchedulerClock {
  expression: string
  timezone?: string | undefined
  /** Milliseconds since the epoch. */
  start?: number | undefined
}

interface Fields {
  minutes: Set<number>
  hours: Set<number>
  /** Undefined for `?`. */
  daysOfMonth: Set<number> | undefined
  months: Set<number>
  daysOfWeek: Set<number> | undefined
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const UNITS: Record<string, number> = { minutes: MINUTE_MS, hours: 60 * MINUTE_MS, days: DAY_MS }

/** Every firing later than `after`, until and including `until`, in order. */
export function* firings(clock: SchedulerClock, after: number, until: number): Generator<number> {
  const { expression } = clock
  const [, kind, body = ''] = /^(cron|rate)\((.+)\)$/.exec(expression) ?? []
  if (expression.length > 256) throw new Error(`Too long: ${expression}`)
  if (kind === 'cron') yield* cronFirings(fieldsOf(body), clock.timezone ?? 'UTC', after, until)
  else if (kind === 'rate') yield* rateFirings(body, clock.start ?? after, after, until)
  else throw new Error(`Neither cron nor rate: ${expression}`)
}

function* rateFirings(body: string, start: number, after: number, until: number): Generator<number> {
  const [value, unit = ''] = body.split(' ')
  const step = Number(value) * (UNITS[unit] ?? Number.NaN)
  if (!(step > 0)) throw new Error(`Not a rate: ${body}`)
  for (let at = start; at <= until; at += step) if (at > after) yield at
}

function fieldsOf(body: string): Fields {
  const fields = body.split(' ')
  const [minutes = '', hours = '', daysOfMonth = '', months = '', daysOfWeek = '', year] = fields
  if (fields.length !== 6 || year !== '*') throw new Error(`Not six fields with every year: ${body}`)
  if ((daysOfMonth === '?') === (daysOfWeek === '?'))
    throw new Error(`Not one "?" in the day fields: ${body}`)
  return {
    minutes: field(minutes, 0, 59),
    hours: field(hours, 0, 23),
    daysOfMonth: daysOfMonth === '?' ? undefined : field(daysOfMonth, 1, 31),
    months: field(months, 1, 12),
    daysOfWeek: daysOfWeek === '?' ? undefined : field(daysOfWeek, 1, 7),
  }
}

function field(text: string, min: number, max: number): Set<number> {
  const values = new Set<number>()
  for (const item of text.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)$/.exec(item)
    if (!match) throw new Error(`Not understood: ${text}`)
    const [from, to] = match[1] === undefined ? [min, max] : [Number(match[1]), Number(match[2] ?? match[1])]
    if (from < min || to > max || from > to) throw new Error(`Out of bounds: ${text}`)
    for (let value = from; value <= to; value++) values.add(value)
  }
  return values
}

function* cronFirings(fields: Fields, timezone: string, after: number, until: number): Generator<number> {
  const { minutes, hours } = fields
  for (let day = Math.floor(after / DAY_MS) * DAY_MS - DAY_MS; day <= until + DAY_MS; day += DAY_MS) {
    if (!isDay(fields, new Date(day))) continue
    for (const hour of hours) {
      for (const minute of minutes) {
        const at = instantOf(day + (hour * 60 + minute) * MINUTE_MS, timezone)
        if (at !== undefined && at > after && at <= until) yield at
      }
    }
  }
}

function isDay({ daysOfMonth, months, daysOfWeek }: Fields, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false
  return daysOfMonth ? daysOfMonth.has(date.getUTCDate()) : daysOfWeek?.has(date.getUTCDay() + 1) === true
}

/**
 * When the clocks of a zone show this, as if it were UTC; undefined where they skip it, and only the first of the two
 * times where they show it twice ("Daylight savings time").
 */
function instantOf(shown: number, timezone: string): number | undefined {
  if (timezone === 'UTC') return shown
  const candidates = [-DAY_MS, DAY_MS].map((away) => shown - offsetAt(shown + away, timezone))
  return candidates.filter((at) => at + offsetAt(at, timezone) === shown).sort((a, b) => a - b)[0]
}

const formats = new Map<string, Intl.DateTimeFormat>()

export function offsetAt(at: number, timezone: string): number {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset', year: 'numeric' })
  formats.set(timezone, format)
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(format.format(at)) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS
}
