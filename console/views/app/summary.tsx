import type { VersionView } from '../../../protocol/api.ts'
import type { AppView } from '../../../protocol/app-view.ts'
import { When } from '../../parts/time.tsx'
import { VersionLink } from '../../parts/version-link.tsx'
import { Visible } from '../../parts/visible.tsx'
import { WebLink } from '../../parts/web-link.tsx'
import { CommitMark, originText } from './history/provenance.tsx'

/** The live version, where it is reached and where it comes from. */
export function Summary({ view, live }: { view: AppView; live: VersionView | undefined }) {
  const { env, name, liveVersion, urls, ephemeral, tags = {} } = view
  if (liveVersion === undefined) return <Stopped view={view} />
  return (
    <section class="summary" aria-label="Live version">
      <p class="summary-version">
        <VersionLink env={env} app={name} version={liveVersion} />
      </p>
      <div>
        {live && (
          <p>
            live <When at={live.liveAt ?? live.deployedAt} />, {originText(live)} by {live.deployedBy}{' '}
            <CommitMark version={live} />
          </p>
        )}
        {live?.reason && (
          <p class="quiet">
            <Visible text={live.reason} />
          </p>
        )}
        {live?.gate && <Watch gate={live.gate} />}
        {ephemeral && (
          <p class="quiet">
            Only tried out: it is stopped <When at={ephemeral.until} />, unless it is kept alive.
          </p>
        )}
        {Object.keys(urls).length > 0 && (
          <ul class="summary-urls" aria-label="URLs">
            {Object.entries(urls).map(([name, url]) => (
              <li key={name}>
                <WebLink href={url} />
              </li>
            ))}
          </ul>
        )}
        {Object.keys(tags).length > 0 && (
          <ul class="marks" aria-label="Tags of the app">
            {Object.entries(tags).map(([tag, value]) => (
              <li key={tag} class="mark">
                {tag}: {value}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function Stopped({ view: { stoppedAt, stoppedBy, stopReason } }: { view: AppView }) {
  if (stoppedAt === undefined) return null
  return (
    <section class="summary" aria-label="State">
      <div>
        <p>
          Stopped <When at={stoppedAt} />
          {stoppedBy !== undefined && ` by ${stoppedBy}`}.
        </p>
        {stopReason && (
          <p class="quiet">
            <Visible text={stopReason} />
          </p>
        )}
      </div>
    </section>
  )
}

function Watch({
  gate: { state, until, errorRate, minCalls, detail },
}: {
  gate: NonNullable<VersionView['gate']>
}) {
  if (state === 'passed') return null
  if (state === 'failed') return <p class="quiet">It failed too often: {detail}</p>
  const share = errorRate.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <p class="quiet">
      Watched, which ends <When at={until} />: it is rolled back if more than {share} of at least {minCalls}{' '}
      calls and requests fail.
    </p>
  )
}
