import { Link } from 'wouter-preact'
import type { AppActivity } from '../../../protocol/activity.ts'
import type { AppView } from '../../../protocol/app-view.ts'
import { StateBadge } from '../../parts/state-badge.tsx'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { LastHour } from './last-hour.tsx'
import type { ListedApp } from './use-apps.ts'

const MOST_ADDRESSES = 2

/** One app in the list of all. */
export function AppRow({ env, of: { app, activity } }: { env: string; of: ListedApp }) {
  return (
    <tr>
      <th scope="row">
        <Link href={`/apps/${env}/${app.name}`} class="app-name">
          {app.name}
        </Link>
        <StateBadge state={app.state} />
        {app.ephemeral && (
          <p class="note">
            tried out, ends <When at={app.ephemeral.until} />
          </p>
        )}
      </th>
      <td data-label="Live version" class="live-version">
        <LiveVersion env={env} app={app} activity={activity} />
      </td>
      <td data-label="Containers">
        <Containers of={app.containers} />
      </td>
      <td data-label="Last hour">{activity && <LastHour of={activity} />}</td>
      <td data-label="Addresses">
        <Addresses env={env} app={app} />
      </td>
      <td data-label="Next schedule">{activity?.next && <NextSchedule of={activity.next} />}</td>
    </tr>
  )
}

function LiveVersion({ env, app, activity }: { env: string } & ListedApp) {
  const { liveVersion, lastRollout, stoppedAt, stoppedBy, staged = [] } = app
  const deployedAt = activity?.deployedAt
  return (
    <>
      {liveVersion !== undefined && <VersionLink env={env} app={app.name} version={liveVersion} />}
      {deployedAt !== undefined && (
        <p class="note">
          by {activity?.deployedBy}, <When at={deployedAt} />
        </p>
      )}
      {stoppedAt !== undefined && app.state !== 'deployed' && (
        <p class="note">
          {app.state} by {stoppedBy}, <When at={stoppedAt} />
        </p>
      )}
      {lastRollout && isOnItsWay(lastRollout) && (
        <p class="note">
          <VersionLink env={env} app={app.name} version={lastRollout.version} />{' '}
          <StateBadge state={lastRollout.status} />
        </p>
      )}
      {staged.length > 0 && <p class="note">{staged.length} staged</p>}
    </>
  )
}

/** Or has failed on it: whoever looks wants to know before anything else. */
const isOnItsWay = ({ status }: NonNullable<AppView['lastRollout']>): boolean =>
  status === 'rolling' || status === 'failed'

function Containers({ of }: { of: AppView['containers'] }) {
  const states = (['ready', 'starting', 'draining'] as const).filter((state) => of[state] > 0)
  if (states.length === 0) return <span class="quiet">none</span>
  return (
    <ul class="counts">
      {states.map((state) => (
        <li key={state} class={`count-${state}`}>
          <span class="number">{of[state]}</span> {state}
        </li>
      ))}
    </ul>
  )
}

function Addresses({ env, app: { name, urls } }: { env: string; app: AppView }) {
  const all = Object.values(urls)
  const others = all.length - MOST_ADDRESSES
  if (all.length === 0) return null
  return (
    <ul class="addresses">
      {all.slice(0, MOST_ADDRESSES).map((url) => (
        <li key={url}>
          <WebLink href={url} />
        </li>
      ))}
      {others > 0 && (
        <li>
          <Link href={`/apps/${env}/${name}`}>and {others} more</Link>
        </li>
      )}
    </ul>
  )
}

function NextSchedule({ of }: { of: NonNullable<AppActivity['next']> }) {
  return (
    <>
      {of.function}
      <p class="note">{of.paused ? <StateBadge state="paused" /> : <When at={of.at} />}</p>
    </>
  )
}
