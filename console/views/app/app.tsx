import { useState } from 'preact/hooks'
import { useAct, useAnswer } from '../../api/queries.ts'
import { Answer } from '../../parts/answer.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { When } from '../../parts/time.tsx'
import { Value } from '../../parts/value.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { useAnnounce } from '../../shell/announcer.tsx'
import { AppPage } from '../app-page.tsx'

interface AppProps {
  env: string
  app: string
}

/** One app: what serves now, what drains, and how it came to that. */
export function AppView({ env, app }: AppProps) {
  const [asks, setAsks] = useState(false)
  const answer = useAnswer('getApp', { params: { app }, query: { env } })
  return (
    <AppPage
      env={env}
      app={app}
      actions={
        <button type="button" onClick={() => setAsks(true)}>
          Roll over
        </button>
      }
    >
      <Answer of={answer}>
        {({ state, liveVersion, urls, functions, createdAt }) => (
          <section class="card">
            <p>
              <StateBadge state={state} />{' '}
              {liveVersion !== undefined && <VersionLink env={env} app={app} version={liveVersion} />} made{' '}
              <When at={createdAt} />
            </p>
            {Object.values(urls).map((url) => (
              <WebLink key={url} href={url} />
            ))}
            <Value of={functions} label="Functions" />
          </section>
        )}
      </Answer>
      {asks && <RolloverDialog env={env} app={app} onClose={() => setAsks(false)} />}
    </AppPage>
  )
}

function RolloverDialog({ env, app, onClose }: AppProps & { onClose: () => void }) {
  const act = useAct('rollover')
  const announce = useAnnounce()
  const rollOver = () =>
    act.mutate(
      { params: { app }, query: { env }, body: {} },
      {
        onSuccess: ({ version }) => {
          announce(`v${version} rolls out.`)
          onClose()
        },
      },
    )
  return (
    <Dialog title={`Roll over ${app}`} doing="Roll over" act={act} onDo={rollOver} onClose={onClose}>
      <p>The live version is deployed again, in fresh containers.</p>
    </Dialog>
  )
}
