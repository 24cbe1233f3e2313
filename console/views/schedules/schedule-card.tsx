import { Link } from 'wouter-preact'
import type { ScheduleView } from '../../../protocol/schedules.ts'
import { scheduleText } from '../../parts/schedule-text.ts'
import { StateBadge } from '../../parts/state-badge.tsx'
import { When } from '../../parts/time.tsx'
import { FiringStrip } from './firing-strip.tsx'
import { FiringTable } from './firing-table.tsx'
import { ScheduleActions } from './schedule-actions.tsx'

/** One schedule: what it is, its firings in the order of time, and what can be done about it. */
export function ScheduleCard({ schedule }: { schedule: ScheduleView }) {
  const { env, app, overlap, paused, next, last } = schedule
  return (
    <section class="card schedule" aria-label={schedule.function}>
      <header>
        <h2>
          <Link href={`/apps/${env}/${app}/functions/${schedule.function}`}>{schedule.function}</Link>
        </h2>
        {paused && <StateBadge state="paused" />}
        <code>{scheduleText(schedule.schedule)}</code>
        {overlap === 'allow' && <span class="quiet">also while the call before it runs</span>}
        <ScheduleActions schedule={schedule} />
      </header>
      {paused && (
        <p class="paused">
          Paused by {paused.by} <When at={paused.at} />
          {paused.reason ? `: ${paused.reason}` : '.'}
        </p>
      )}
      <FiringStrip schedule={schedule} />
      <p class="quiet">
        {next[0] === undefined ? (
          'It does not run by itself.'
        ) : (
          <>
            {paused ? 'Its next time, which passes without a call while it is paused, is ' : 'Runs next '}
            <When at={next[0]} />.
          </>
        )}
      </p>
      {last.length > 0 && <FiringTable schedule={schedule} />}
    </section>
  )
}
