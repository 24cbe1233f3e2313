import { useState } from 'preact/hooks'
import type { VersionView } from '../../../protocol/api.ts'
import type { AppView } from '../../../protocol/app-view.ts'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { useMay } from '../../shell/use-may.ts'
import { Promote } from './actions/promote.tsx'
import { Unstage } from './actions/unstage.tsx'
import { CommitMark } from './history/provenance.tsx'

/** Versions that can be looked at before they are live. */
export function Staged({ view }: { view: AppView }) {
  if (!view.staged?.length) return null
  return (
    <section class="block" aria-labelledby="staged">
      <h2 id="staged">Staged</h2>
      {view.staged.map((version) => (
        <StagedVersion key={version.version} view={view} staged={version} />
      ))}
    </section>
  )
}

function StagedVersion({ view, staged }: { view: AppView; staged: VersionView }) {
  const [asks, setAsks] = useState<'promote' | 'unstage'>()
  const mayChange = useMay('deploy')
  const { env, app, version, urls, deployedAt, deployedBy } = staged
  const close = () => setAsks(undefined)
  return (
    <article class="card staged" aria-label={`v${version}`}>
      <div>
        <p>
          <VersionLink env={env} app={app} version={version} /> staged <When at={deployedAt} /> by{' '}
          {deployedBy} <CommitMark version={staged} />
        </p>
        <ul class="summary-urls">
          {Object.values(urls).map((url) => (
            <li key={url}>
              <WebLink href={url} />
            </li>
          ))}
        </ul>
      </div>
      {mayChange && (
        <div class="actions">
          <button type="button" onClick={() => setAsks('unstage')}>
            Give up v{version}
          </button>
          <button type="button" class="primary" onClick={() => setAsks('promote')}>
            Promote v{version}
          </button>
        </div>
      )}
      {asks === 'promote' && <Promote view={view} version={version} onClose={close} />}
      {asks === 'unstage' && <Unstage staged={staged} onClose={close} />}
    </article>
  )
}
