import { useNow } from './use-now.ts'

const UNITS = [
  ['y', 31_557_600_000],
  ['mo', 2_629_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** Milliseconds as people say them, in one unit or two: `1 h 20 min`, `4.2 s`, `35 ms`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  const index = UNITS.findIndex(([, size]) => ms >= size)
  const [unit, size] = UNITS[index] ?? UNITS[5]
  const [smaller, smallerSize] = UNITS[index + 1] ?? []
  const whole = Math.floor(ms / size)
  const rest = smallerSize === undefined ? 0 : Math.floor((ms % size) / smallerSize)
  return rest > 0 && whole < 10 ? `${whole} ${unit} ${rest} ${smaller}` : `${whole} ${unit}`
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A point in time as calendars and clocks have it here, to the second. */
export const exactTime = (at: string): string => exact.format(new Date(at))

/** A point in time, told from now; the date is its title. */
export function When({ at }: { at: string }) {
  const now = useNow()
  const apart = Date.parse(at) - now
  const told =
    Math.abs(apart) < 1_000 ? 'now' : apart < 0 ? `${coarse(-apart)} ago` : `in ${coarse(apart, Math.round)}`
  return (
    <time dateTime={at} title={exactTime(at)}>
      {told}
    </time>
  )
}

/** How long something has been going on, or took. */
export function Age({ since, until }: { since: string; until?: string | undefined }) {
  const now = useNow()
  const ms = (until === undefined ? now : Date.parse(until)) - Date.parse(since)
  return (
    <span class="number">{until === undefined ? coarse(Math.max(0, ms)) : duration(Math.max(0, ms))}</span>
  )
}

/** In one unit, whole: what changes each second is only what is younger than a minute. */
function coarse(ms: number, whole = Math.floor): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? UNITS[5]
  return `${whole(ms / size)} ${unit}`
}
