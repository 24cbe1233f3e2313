import { exactTime } from './time.tsx'

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** A point in time to the millisecond, as a log has it; with its day unless that is today. */
export function Moment({ at }: { at: string }) {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date().toDateString()
  return (
    <time dateTime={at} title={exactTime(at)}>
      {isToday ? time.format(date) : `${day.format(date)} ${time.format(date)}`}
    </time>
  )
}
