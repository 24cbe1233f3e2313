import { useEffect, useRef, useState } from 'preact/hooks'
import type { VersionView } from '../../../../protocol/api.ts'
import type { AppView } from '../../../../protocol/app-view.ts'
import { useAnswer } from '../../../api/queries.ts'
import { Answer } from '../../../parts/answer.tsx'
import { StateBadge } from '../../../parts/state-badge.tsx'
import { When } from '../../../parts/time.tsx'
import { Visible } from '../../../parts/visible.tsx'
import { useMay } from '../../../shell/use-may.ts'
import { RollBack } from '../actions/roll-back.tsx'
import { Differences } from './differences.tsx'
import { CommitMark, originText } from './provenance.tsx'

interface RowProps {
  view: AppView
  version: VersionView
  /** The version that it is compared with, unless it was the first. */
  before: number | undefined
  /** Whether it is the one that the address names. */
  isNamed: boolean
}

/** A version: how it came about, what it changed, and the way back to it. */
export function HistoryRow({ view, version, before, isNamed }: RowProps) {
  const [isOpen, setOpen] = useState(false)
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isNamed) row.current?.scrollIntoView({ block: 'center' })
  }, [isNamed])
  const { version: number, status, reason, error } = version
  return (
    <li ref={row} class={`history-row ${isNamed ? 'named' : ''}`} aria-label={`v${number}`}>
      <p class="history-version">
        <span class="version">v{number}</span> <StateBadge state={status} />
      </p>
      <div class="history-what">
        <p>
          {originText(version)} by <strong>{version.deployedBy}</strong> <When at={version.deployedAt} />{' '}
          <span class="quiet">with {version.client}</span>
        </p>
        {reason && (
          <p class="history-reason">
            <Visible text={reason} />
          </p>
        )}
        {error && (
          <p class="history-error">
            <Visible text={error.message.split('\n')[0] ?? ''} />
          </p>
        )}
        <p class="marks">
          <CommitMark version={version} />
        </p>
        {isOpen && before !== undefined && <DifferenceTo view={view} from={before} to={number} />}
      </div>
      <div class="actions">
        {before !== undefined && (
          <button
            type="button"
            class="quiet"
            aria-expanded={isOpen}
            aria-label={`What changed in v${number}`}
            onClick={() => setOpen(!isOpen)}
          >
            What changed
          </button>
        )}
        <WayBack view={view} version={version} />
      </div>
    </li>
  )
}

function DifferenceTo({ view: { env, name: app }, from, to }: { view: AppView; from: number; to: number }) {
  const diff = useAnswer('diff', { params: { app }, query: { env, from, to } }, { final: true })
  return <Answer of={diff}>{(shown) => <Differences of={shown} label={`From v${from} to v${to}`} />}</Answer>
}

/** Whatever went live can be gone back to, as long as the app is deployed. */
function WayBack({ view, version: { version, liveAt } }: Pick<RowProps, 'view' | 'version'>) {
  const [asks, setAsks] = useState(false)
  const mayChange = useMay('deploy')
  if (!mayChange || liveAt === undefined || view.liveVersion === undefined || version === view.liveVersion)
    return null
  return (
    <>
      <button type="button" aria-label={`Roll back to v${version}`} onClick={() => setAsks(true)}>
        Roll back
      </button>
      {asks && <RollBack env={view.env} app={view.name} version={version} onClose={() => setAsks(false)} />}
    </>
  )
}
