import { Link } from 'wouter-preact'
import type { ScheduleView } from '../../../protocol/schedules.ts'
import { Scrollable } from '../../parts/scrollable.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { TableHead } from '../../parts/table-head.tsx'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'

/** The last firings, newest first, with all that is known of each. */
export function FiringTable({ schedule: { env, app, function: name, last } }: { schedule: ScheduleView }) {
  return (
    <details>
      <summary>Last firings</summary>
      <Scrollable class="table" label={`Last firings of ${name}`}>
        <table>
          <TableHead columns={['Time', 'Outcome', 'Call', 'Version', 'By']} />
          <tbody>
            {last.map(({ slot, outcome, call, by, reason }) => (
              <tr key={`${slot} ${call?.id}`}>
                <td>
                  <When at={slot} />
                </td>
                <td>
                  <StateBadge state={outcome} />
                </td>
                <td>
                  {call?.status !== undefined && (
                    <Link href={`/apps/${env}/${app}/calls/${call.id}`}>
                      <StateBadge state={call.status} />
                    </Link>
                  )}
                </td>
                <td>
                  {call?.version !== undefined && <VersionLink env={env} app={app} version={call.version} />}
                </td>
                <td>
                  {by}
                  {reason && <span class="quiet">: {reason}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </details>
  )
}
