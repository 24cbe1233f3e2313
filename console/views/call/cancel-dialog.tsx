import { useAct } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { useAnnounce } from '../../shell/announcer.tsx'

/** Asks before a call is cancelled. */
export function CancelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const act = useAct('cancelCall')
  const announce = useAnnounce()
  const cancel = () =>
    act.mutate(
      { params: { id } },
      {
        onSuccess: ({ status }) => {
          announce(status === 'cancelled' ? 'The call is cancelled.' : 'The call had ended already.')
          onClose()
        },
      },
    )
  return (
    <Dialog
      title="Cancel this call"
      doing="Cancel call"
      otherwise="Let it run"
      danger
      act={act}
      onDo={cancel}
      onClose={onClose}
    >
      <p>It ends as cancelled and has no result. What it has done so far stays done.</p>
    </Dialog>
  )
}
