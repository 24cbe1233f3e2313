import type { Schedule } from '../../../protocol/manifest.ts'
import { nextSlots } from '../../../protocol/slots.ts'
import { type ClockChange, clockChanges } from './clock-changes.ts'
import { readUnixCron, type UnixCron } from './unix-cron.ts'

/** When one schedule of EventBridge Scheduler fires. */
export interface Expression {
  expression: string
  timezone?: string
  /** Milliseconds since the epoch, whole seconds: when a rate fires first. */
  start?: number
}

const MINUTE_SECONDS = 60
const MINUTE_MS = 60_000
/** A year and more, in which all changes of clocks come once. */
const DAYS_AHEAD = 400
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
  return schedule.type === 'cron' ? crons(schedule, anchor) : rates(schedule.seconds, anchor, after)
}

type CronSchedule = Extract<Schedule, { type: 'cron' }>

function crons(schedule: CronSchedule, anchor: number): Expression[] {
  const { timezone: zone } = schedule
  const cron = readUnixCron(schedule.expression)
  const [minutes, hours, months] = [text(cron.minutes, 60), text(cron.hours, 24), text(cron.months, 12)]
  const days = daysOf(cron)
  // What comes every hour of every day does not notice clocks that change. Where the hours are named, it does.
  const isHourly = [hours, months, ...days.flat()].every((field) => field === ANY || field === UNSAID)
  const namesHours = !/^\s*\S+\s+\*/.test(schedule.expression)
  const timezone = isHourly && !namesHours && hasWholeHours(zone, anchor) ? 'UTC' : zone
  const ordinary = days.map(([ofMonth, ofWeek]) => ({
    expression: `cron(${minutes} ${hours} ${ofMonth} ${months} ${ofWeek} ${ANY})`,
    timezone,
  }))
  return timezone === 'UTC' ? ordinary : [...ordinary, ...atClockChanges(schedule, cron, anchor)]
}

/**
 * The Scheduler leaves out what falls into the hour that a zone's clock skips, and what comes in an hour for the second
 * time ("Daylight savings time" in its User Guide). One more expression, in UTC, names the times of such slots on every
 * day of their months: on the other days they are no slots, which is for whoever hears the firing to see. Zones change
 * their clocks in the same months every year.
 */
function atClockChanges(schedule: CronSchedule, cron: UnixCron, anchor: number): Expression[] {
  const changes = clockChanges(schedule.timezone, anchor, DAYS_AHEAD)
  const times = changes.flatMap((change) => leftOut(schedule, cron, change)).map((slot) => new Date(slot))
  if (times.length === 0) return []
  const distinct = (values: number[], all: number) =>
    text(
      [...new Set(values)].toSorted((a, b) => a - b),
      all,
    )
  const minutes = distinct(
    times.map((time) => time.getUTCMinutes()),
    60,
  )
  const hours = distinct(
    times.map((time) => time.getUTCHours()),
    24,
  )
  const months = distinct(
    times.map((time) => time.getUTCMonth() + 1),
    12,
  )
  return [{ expression: `cron(${minutes} ${hours} ${ANY} ${months} ${UNSAID} ${ANY})`, timezone: 'UTC' }]
}

function leftOut(schedule: CronSchedule, { minutes, hours }: UnixCron, change: ClockChange): number[] {
  const { at, before, after } = change
  const shift = Math.abs(after - before)
  const slots = nextSlots(schedule, 0, at - 1, shift / MINUTE_MS).filter((slot) => slot < at + shift)
  if (after < before) return slots
  const isShown = (slot: number): boolean => {
    const clock = new Date(slot + after)
    return minutes.includes(clock.getUTCMinutes()) && hours.includes(clock.getUTCHours())
  }
  return slots.filter((slot) => !isShown(slot))
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
