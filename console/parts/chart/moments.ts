const DAY_MS = 86_400_000

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** Below an axis whose labels are so far apart: the time of day, and at the beginning of one, the day. */
export function axisTime(at: number, apart: number): string {
  const date = new Date(at)
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
  return apart >= DAY_MS || isMidnight ? day.format(date) : clock.format(date)
}

/** `14:05`, and the day before it where that is not today. */
export function moment(at: number, now: number): string {
  const [date, time] = [day.format(new Date(at)), clock.format(new Date(at))]
  return date === day.format(new Date(now)) ? time : `${date} ${time}`
}

/** `14:05 – 14:10`, `21 Nov 14:00 – 15:00`, or `21 Nov` for a whole day. */
export function stretch(start: number, step: number, now: number): string {
  if (step >= DAY_MS) return day.format(new Date(start))
  return `${moment(start, now)} – ${clock.format(new Date(start + step))}`
}
