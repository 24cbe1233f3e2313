import { Link } from 'wouter-preact'
import type { FiringView, ScheduleView } from '../../../protocol/schedules.ts'
import { exactTime } from '../../parts/time.tsx'
import { outcomeText, SIGNS, stateOf } from './outcome.ts'

/** The last firings and the next ones, from left to right; each leads to its call. */
export function FiringStrip({
  schedule: { env, app, function: name, last, next },
}: {
  schedule: ScheduleView
}) {
  return (
    <ol class="strip" aria-label={`Firings of ${name}`}>
      {[...last].reverse().map((firing) => (
        <li key={`${firing.slot} ${firing.call?.id}`}>
          <Firing firing={firing} callsAt={`/apps/${env}/${app}/calls`} />
        </li>
      ))}
      <li class="now" aria-hidden="true">
        now
      </li>
      {next.map((slot) => (
        <li key={slot}>
          <span
            class="firing firing-next"
            role="img"
            aria-label={`${exactTime(slot)}: to come`}
            title={exactTime(slot)}
          />
        </li>
      ))}
    </ol>
  )
}

function Firing({ firing, callsAt }: { firing: FiringView; callsAt: string }) {
  const { slot, call } = firing
  const told = `${exactTime(slot)}: ${outcomeText(firing)}`
  const looks = { class: `firing badge-${stateOf(firing)}`, 'aria-label': told, title: told }
  const sign = SIGNS[stateOf(firing)] ?? '✓'
  if (call?.status === undefined)
    return (
      <span {...looks} role="img">
        {sign}
      </span>
    )
  return (
    <Link {...looks} href={`${callsAt}/${call.id}`}>
      {sign}
    </Link>
  )
}
