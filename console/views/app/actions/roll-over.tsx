import type { AppView } from '../../../../protocol/app-view.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { drainOf, Outdated } from './outdated.tsx'
import { useChange } from './use-change.ts'

/** The live version again, in fresh containers. */
export function RollOver({ view, onClose }: { view: AppView; onClose: () => void }) {
  const { name: app, env, liveVersion, versions } = view
  const { act, perform, reason } = useChange(
    'rollover',
    { env, app },
    { done: (begun) => `Rolling over v${begun.fromVersion}, as v${begun.version}.`, onClose },
  )
  return (
    <Dialog title={`Roll ${app} over`} doing="Roll over" act={act} onDo={() => perform()} onClose={onClose}>
      <p>
        v{liveVersion} comes again under a new number, unchanged but in fresh containers and with the newest
        version of each secret.
      </p>
      <Outdated drain={drainOf(versions, liveVersion)} />
      <Reason {...reason} />
    </Dialog>
  )
}
