import { useAnswer } from '../../../api/queries.ts'
import { Answer } from '../../../parts/answer.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Reason } from '../../../parts/reason.tsx'
import { Differences } from '../history/differences.tsx'
import { Outdated } from './outdated.tsx'
import { useChange } from './use-change.ts'

interface RollBackProps {
  env: string
  app: string
  /** Without one, the last version that was healthy and was not rolled back from. */
  version?: number | undefined
  onClose: () => void
}

/** Goes back to an earlier version, once it was shown what that changes. */
export function RollBack({ env, app, version, onClose }: RollBackProps) {
  const preview = useAnswer('previewRollback', { params: { app }, query: { env, version } })
  const { act, perform, reason } = useChange(
    'rollback',
    { env, app },
    { done: (begun) => `Rolling back to v${begun.fromVersion}, as v${begun.version}.`, onClose },
  )
  const to = version ?? preview.data?.to
  return (
    <Dialog
      title={to === undefined ? `Roll back ${app}` : `Roll ${app} back to v${to}`}
      doing="Roll back"
      ready={preview.data !== undefined}
      act={act}
      // What was shown, also if somebody else has changed meanwhile what would be chosen.
      onDo={() => preview.data && perform({ version: preview.data.to })}
      onClose={onClose}
    >
      <Answer of={preview}>
        {(shown) => (
          <>
            <p>
              v{shown.to} becomes live again under a new number, with its code, settings, schedules and
              secrets.
            </p>
            <Differences of={shown} label={`From v${shown.from} to v${shown.to}`} />
            <Outdated drain={shown.drain} />
          </>
        )}
      </Answer>
      <Reason {...reason} />
    </Dialog>
  )
}
