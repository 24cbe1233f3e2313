import type { VersionView } from '../../../../protocol/api.ts'
import type { AppView } from '../../../../protocol/app-view.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { useChange } from './use-change.ts'

interface StartProps {
  view: AppView
  /** The version that was live last, as far as the history was read. */
  last: VersionView | undefined
  onClose: () => void
}

/** Brings a stopped app back. */
export function Start({ view, last, onClose }: StartProps) {
  const { name: app, env } = view
  const { act, perform, reason } = useChange(
    'start',
    { env, app },
    { done: (begun) => `Starting v${begun.fromVersion} again, as v${begun.version}.`, onClose },
  )
  const which =
    last === undefined ? 'The version that was live last' : `v${last.version}, which was live last,`
  return (
    <Dialog title={`Start ${app}`} doing="Start" act={act} onDo={() => perform()} onClose={onClose}>
      <p>{which} comes back under a new number, with its code, settings, schedules and secrets.</p>
      <Reason {...reason} />
    </Dialog>
  )
}
