import { useEffect, useRef } from 'preact/hooks'
import type { VersionView } from '../../../protocol/api.ts'
import type { AppView as View } from '../../../protocol/app-view.ts'
import { useAnswer, usePages } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { useAnnounce } from '../../shell/announcer.tsx'
import { AppPage } from '../app-page.tsx'
import { Actions } from './actions/actions.tsx'
import { FailedRollout } from './failed-rollout.tsx'
import { Functions } from './functions.tsx'
import { HandOver } from './hand-over/hand-over.tsx'
import { History } from './history/history.tsx'
import { Staged } from './staged.tsx'
import { Summary } from './summary.tsx'
import './app.css'

/** All pages that are shown are asked for again whenever something changes. */
const VERSIONS_A_PAGE = 20

interface AppProps {
  env: string
  app: string
}

/** One app: what serves now, what drains, and how it came to that. Nothing that was remembered of another one is taken for its own. */
export function AppView(props: AppProps) {
  return <OneApp key={`${props.env}/${props.app}`} {...props} />
}

function OneApp({ env, app }: AppProps) {
  const answer = useAnswer('getApp', { params: { app }, query: { env } })
  const versions = usePages('listVersions', { params: { app }, query: { env, limit: VERSIONS_A_PAGE } })
  const view = answer.data
  useNews(view)
  const live = versions.items?.find(({ version }) => version === view?.liveVersion) ?? liveRollout(view)
  return (
    <AppPage
      env={env}
      app={app}
      heading={
        <>
          {app} {view && <StateBadge state={view.state} />}
        </>
      }
      actions={
        view && <Actions view={view} last={versions.items?.find(({ liveAt }) => liveAt !== undefined)} />
      }
    >
      <Answer of={answer}>
        {(shown) => (
          <>
            <Summary view={shown} live={live} />
            <FailedRollout view={shown} />
            <HandOver view={shown} liveAt={liveTimes(versions.items)} />
            <Staged view={shown} />
            {shown.functions.length > 0 && <Functions view={shown} />}
            <History view={shown} versions={versions} />
          </>
        )}
      </Answer>
    </AppPage>
  )
}

/** Until the history has come, or where the live version is beyond its first page. */
function liveRollout(view: View | undefined): VersionView | undefined {
  return view?.lastRollout?.version === view?.liveVersion ? view?.lastRollout : undefined
}

const liveTimes = (versions: VersionView[] = []): Map<number, string> =>
  new Map(versions.flatMap(({ version, liveAt }) => (liveAt === undefined ? [] : [[version, liveAt]])))

/** Tells whoever does not see it that another version is live now. */
function useNews(view: View | undefined): void {
  const announce = useAnnounce()
  const known = useRef<string>()
  useEffect(() => {
    if (!view) return
    const news =
      view.liveVersion === undefined ? `${view.name} is ${view.state}.` : `v${view.liveVersion} is live.`
    if (known.current !== undefined && known.current !== news) announce(news)
    known.current = news
  }, [view, announce])
}
