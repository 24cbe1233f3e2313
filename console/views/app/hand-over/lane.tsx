import { Link } from 'wouter-preact'
import { inFlight } from '../../../parts/count.ts'
import { StateBadge } from '../../../parts/state-badge.tsx'
import { Age, When } from '../../../parts/time.tsx'
import { useNow } from '../../../parts/use-now.ts'
import { VersionLink } from '../../../parts/version-link.tsx'
import { type Lane, PLACES } from './lanes.ts'
import { Tiles } from './tiles.tsx'
import './lane.css'

interface LaneProps {
  env: string
  app: string
  lane: Lane
  /** The most containers that any place of the board has. */
  most: number
  /** Since when it drains. */
  since: string | undefined
}

/** What one version runs, and what it still has to finish. */
export function LaneRow({ env, app, lane, most, since }: LaneProps) {
  const { version, state, counts, tiles } = lane
  return (
    <li class={`lane lane-${state}`} aria-label={`v${version}, ${state}${told(lane)}`}>
      <div class="lane-name">
        <VersionLink env={env} app={app} version={version} />
        <StateBadge state={state} />
      </div>
      {PLACES.map((place) => (
        <div key={place} class={`place place-${place}`}>
          <span class={`place-count ${counts[place] === 0 ? 'place-empty' : ''}`}>
            <span class="number">{counts[place]}</span> <span class="place-name">{place}</span>
          </span>
          {tiles ? (
            <Tiles containers={tiles[place]} />
          ) : (
            <meter class="mass" min={0} max={most} value={counts[place]} aria-hidden="true" />
          )}
        </div>
      ))}
      <div class="lane-work">
        <Work env={env} app={app} lane={lane} since={since} />
      </div>
    </li>
  )
}

/** What the picture shows, for who does not see it. */
function told({ counts }: Lane): string {
  const there = PLACES.filter((place) => counts[place] > 0).map((place) => `${counts[place]} ${place}`)
  return there.length > 0 ? `: containers ${there.join(', ')}` : ''
}

function Work({ env, app, lane, since }: Omit<LaneProps, 'most'>) {
  const { state, oldest, deadline } = lane
  const work = inFlight(lane)
  if (state === 'drained' || state === 'failed') return <p class="quiet">nothing left</p>
  return (
    <>
      <p>
        {work === undefined && <span class="quiet">nothing in flight</span>}
        {work !== undefined && lane.calls === 0 && `${work} in flight`}
        {work !== undefined && lane.calls > 0 && (
          <Link href={`/apps/${env}/${app}/calls?status=running&version=${lane.version}`}>
            {work} in flight
          </Link>
        )}
      </p>
      <p class="quiet">
        {oldest && (
          <>
            oldest for <Age since={oldest} />
          </>
        )}
        {oldest && deadline && ' · '}
        {deadline && (
          <span title="Whatever is left then is stopped">
            deadline <When at={deadline} />
          </span>
        )}
      </p>
      {deadline && <Deadline at={deadline} since={since} />}
    </>
  )
}

/** How much is left of the time that draining containers have. */
function Deadline({ at, since }: { at: string; since: string | undefined }) {
  const now = useNow()
  const [begin, end] = [Date.parse(since ?? at), Date.parse(at)]
  if (begin >= end) return null
  return (
    <progress
      aria-label="Time that has passed of what they have to finish"
      max={end - begin}
      value={Math.min(Math.max(0, now - begin), end - begin)}
    />
  )
}
