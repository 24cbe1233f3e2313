import { Dialog } from '../../parts/dialog.tsx'
import { useDialogAct } from '../../parts/use-dialog-act.ts'

/** Asks before a call is cancelled. */
export function CancelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { act, perform } = useDialogAct('cancelCall', {
    done: ({ status }) => (status === 'cancelled' ? 'The call is cancelled.' : 'The call had ended already.'),
    onClose,
  })
  return (
    <Dialog
      title="Cancel this call"
      doing="Cancel call"
      otherwise="Let it run"
      danger
      act={act}
      onDo={() => perform({ params: { id } })}
      onClose={onClose}
    >
      <p>It ends as cancelled and has no result. What it has done so far stays done.</p>
    </Dialog>
  )
}
