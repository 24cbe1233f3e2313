import type { Schedule } from '../../../protocol/manifest.ts'
import { readUnixCron, type UnixCron } from './unix-cron.ts'

/** When one schedule of EventBridge Scheduler fires. */
export interface Expression {
  expression: string
  timezone?: string
  /** Milliseconds since the epoch, whole seconds: when a rate fires first. */
  start?: number
}

const MINUTE_SECONDS = 60
const HALF_A_YEAR_MS = 183 * 86_400_000
/** Of each month, in a leap year. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const ANY = '*'
/** For the one of the two day fields that the other one stands in for. */
const UNSAID = '?'

/**
 * What fires a schedule, in the syntax of the EventBridge Scheduler User Guide, "Schedule types". It takes two where a
 * cron names days of the month or of the week, as one expression there can have either; and several where a period is
 * no whole number of minutes, as rates there are.
 * @param anchor since when the schedule is as it is: a period counts from here. Milliseconds since the epoch
 * @param after the first firing is later than this
 */
export function expressionsOf(schedule: Schedule, anchor: number, after: number): Expression[] {
  return schedule.type === 'cron'
    ? crons(schedule.expression, schedule.timezone, anchor)
    : rates(schedule.seconds, anchor, after)
}

function crons(expression: string, zone: string, anchor: number): Expression[] {
  const cron = readUnixCron(expression)
  const [minutes, hours, months] = [text(cron.minutes, 60), text(cron.hours, 24), text(cron.months, 12)]
  const days = daysOf(cron)
  // A zone's clock skips an hour in spring and, to the Scheduler, has one hour less in autumn; what comes every hour of
  // every day should not notice.
  const isHourly = [hours, months, ...days.flat()].every((field) => field === ANY || field === UNSAID)
  const timezone = isHourly && hasWholeHours(zone, anchor) ? 'UTC' : zone
  return days.map(([ofMonth, ofWeek]) => ({
    expression: `cron(${minutes} ${hours} ${ofMonth} ${months} ${ofWeek} ${ANY})`,
    timezone,
  }))
}

/**
 * Both day fields. Days that must be among both are said as days of the week: which of those are meant is for whoever
 * hears the firing to look at, as the syntax cannot say it.
 */
function daysOf(cron: UnixCron): (readonly [ofMonth: string, ofWeek: string])[] {
  const ofMonth = text(cron.daysOfMonth, 31)
  // The Scheduler counts Sunday as 1.
  const ofWeek = text(
    cron.daysOfWeek.map((day) => day + 1),
    7,
  )
  const isOnlyOneSaid = ofMonth === ANY || ofWeek === ANY
  if (cron.days === 'either') {
    if (isOnlyOneSaid) return [[ANY, UNSAID]]
    const everComes = cron.months.some((month) => (cron.daysOfMonth[0] ?? 0) <= (LONGEST[month - 1] ?? 0))
    return [...(everComes ? [[ofMonth, UNSAID] as const] : []), [UNSAID, ofWeek]]
  }
  return ofWeek === ANY ? [[ofMonth, UNSAID]] : [[UNSAID, ofWeek]]
}

/** As few ranges as there are: an expression may have 256 characters. */
function text(values: number[], all: number): string {
  if (values.length === all) return ANY
  const runs: [first: number, last: number][] = []
  for (const value of values) {
    const run = runs.at(-1)
    if (run && run[1] === value - 1) run[1] = value
    else runs.push([value, value])
  }
  return runs.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')
}

function hasWholeHours(timezone: string, at: number): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  return [at, at + HALF_A_YEAR_MS].every((time) => /GMT$|:00$/.test(format.format(time)))
}

function rates(seconds: number, anchor: number, after: number): Expression[] {
  const count = MINUTE_SECONDS / greatestCommonDivisor(seconds, MINUTE_SECONDS)
  const first = Math.ceil(anchor / 1000)
  const rate = seconds * count
  return Array.from({ length: count }, (_, index) => {
    const start = first + (index + 1) * seconds
    const missed = Math.max(0, Math.floor((after / 1000 - start) / rate) + 1)
    return {
      expression: `rate(${rate / MINUTE_SECONDS} minutes)`,
      start: (start + missed * rate) * 1000,
    }
  })
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
