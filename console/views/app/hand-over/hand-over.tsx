import { useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { ContainerView } from '../../../../protocol/api.ts'
import type { AppView } from '../../../../protocol/app-view.ts'
import { useAnswer } from '../../../api/queries.ts'
import { useNow } from '../../../parts/use-now.ts'
import { VersionLink } from '../../../parts/version-link.tsx'
import { Board } from './board.tsx'
import { isEventful, isHandingOver, type Lane, lanesOf, MOST_STOPPED, MOST_TILES, total } from './lanes.ts'
import { Rollout } from './rollout.tsx'

/** What each version runs: how the new one takes over, and what the old ones still have to finish. */
export function HandOver({ view, liveAt }: { view: AppView; liveAt: Map<number, string> }) {
  const { env, name } = view
  const now = useNow()
  const isDrawn = total(view.containers) <= MOST_TILES
  const containers = useContainers(view, { when: isDrawn, withStopped: isEventful(view, now) })
  const lanes = lanesOf(view, isDrawn ? containers : undefined, now)
  return (
    <section class="card hand-over" aria-labelledby="hand-over">
      <header>
        <h2 id="hand-over">{isHandingOver(lanes) ? 'Hand-over' : 'Containers'}</h2>
        <p class="quiet">
          <Sentence view={view} lanes={lanes} />
        </p>
        <Link href={`/apps/${env}/${name}/containers`}>All containers</Link>
      </header>
      {lanes.length > 0 && <Board env={env} app={name} lanes={lanes} liveAt={liveAt} />}
      {view.lastRollout && <Rollout version={view.lastRollout} />}
    </section>
  )
}

/** Those that have stopped cost reads, and are of interest only for a while; while they are fetched, what was known stays. */
function useContainers(
  { env, name }: AppView,
  { when, withStopped }: { when: boolean; withStopped: boolean },
): ContainerView[] | undefined {
  const known = useRef<ContainerView[]>()
  const limit = MOST_TILES + (withStopped ? MOST_STOPPED : 0)
  const asked = { params: { app: name }, query: { env, limit, all: withStopped } }
  const { data } = useAnswer('listContainers', asked, { when })
  if (data) known.current = data.items
  return known.current
}

/** What is going on, in one sentence. */
function Sentence({ view, lanes }: { view: AppView; lanes: Lane[] }) {
  const { env, name: app, liveVersion, state } = view
  const version = (number: number) => <VersionLink env={env} app={app} version={number} />
  const rolling = lanes.find((lane) => lane.state === 'rolling')
  const draining = lanes.filter((lane) => lane.state === 'draining')
  if (state === 'stopping') return <>The app is stopping: what still runs has its grace to finish.</>
  if (state === 'stopped') return <>Nothing runs.</>
  if (rolling && liveVersion !== undefined)
    return (
      <>
        {version(rolling.version)} gets ready; {version(liveVersion)} serves until then.
      </>
    )
  if (rolling) return <>{version(rolling.version)} gets ready.</>
  if (liveVersion === undefined) return <>Nothing is live yet.</>
  if (draining.length > 0)
    return <>{version(liveVersion)} has taken over. What older versions have begun, they finish.</>
  if (total(view.containers) === 0)
    return <>No container runs. The next call or request starts one of {version(liveVersion)}.</>
  return <>{version(liveVersion)} serves everything.</>
}
