const DAY_MS = 86_400_000

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** Below an axis whose labels are so far apart: the time of day, and at the beginning of one, the day. */
export function axisTime(at: number, apart: number): string {
  const date = new Date(at)
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
  return apart >= DAY_MS || isMidnight ? day.format(date) : clock.format(date)
}

/** `14:05 – 14:10`, `21 Nov 14:00 – 15:00`, or `21 Nov` for a whole day. */
export function stretch(start: number, step: number, now: number): string {
  const date = new Date(start)
  if (step >= DAY_MS) return day.format(date)
  const times = `${clock.format(date)} – ${clock.format(new Date(start + step))}`
  return day.format(date) === day.format(new Date(now)) ? times : `${day.format(date)} ${times}`
}
