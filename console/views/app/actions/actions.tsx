import { useState } from 'preact/hooks'
import type { VersionView } from '../../../../protocol/api.ts'
import type { AppView } from '../../../../protocol/app-view.ts'
import { useMay } from '../../../shell/use-may.ts'
import { RollBack } from './roll-back.tsx'
import { RollOver } from './roll-over.tsx'
import { Start } from './start.tsx'
import { Stop } from './stop.tsx'

interface ActionsProps {
  view: AppView
  /** The version that was live last, as far as the history was read. */
  last: VersionView | undefined
}

/** What can be done to the app as a whole. */
export function Actions({ view, last }: ActionsProps) {
  const [asks, setAsks] = useState<'back' | 'over' | 'stop' | 'start'>()
  const mayChange = useMay('deploy')
  const close = () => setAsks(undefined)
  return (
    <>
      {mayChange && view.state === 'deployed' && (
        <>
          {view.liveVersion !== undefined && (
            <>
              <button type="button" onClick={() => setAsks('over')}>
                Roll over
              </button>
              {/* Before the first version there is none. */}
              {view.liveVersion > 1 && (
                <button type="button" onClick={() => setAsks('back')}>
                  Roll back
                </button>
              )}
            </>
          )}
          <button type="button" class="danger" onClick={() => setAsks('stop')}>
            Stop
          </button>
        </>
      )}
      {mayChange && view.state !== 'deployed' && (
        <button type="button" class="primary" onClick={() => setAsks('start')}>
          Start
        </button>
      )}
      {asks === 'back' && <RollBack env={view.env} app={view.name} onClose={close} />}
      {asks === 'over' && <RollOver view={view} onClose={close} />}
      {asks === 'stop' && <Stop view={view} onClose={close} />}
      {asks === 'start' && <Start view={view} last={last} onClose={close} />}
    </>
  )
}
