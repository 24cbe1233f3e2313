import { useState } from 'preact/hooks'
import type { ScheduleView } from '../../../protocol/schedules.ts'
import { useAct } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useAnnounce } from '../../shell/announcer.tsx'

const MOST_REASON = 500
/** Tells the audit that it was done here. */
const CLIENT = 'console'

export type ScheduleAct = 'triggerSchedule' | 'pauseSchedule' | 'resumeSchedule'

interface ReasonDialogProps {
  schedule: ScheduleView
  act: ScheduleAct
  doing: string
  /** What it means. */
  says: string
  /** What is said of the function once it is done. */
  done: string
  onClose: () => void
}

/** Asks for the reason of an act, which the audit keeps. */
export function ReasonDialog({ schedule, act: route, doing, says, done, onClose }: ReasonDialogProps) {
  const { env, app, function: name } = schedule
  const [reason, setReason] = useState('')
  // Two clicks are one run.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const announce = useAnnounce()
  const act = useAct(route)
  const perform = () =>
    act.mutate(
      {
        params: { app, function: name },
        query: { env },
        body: {
          client: CLIENT,
          ...(reason.trim() !== '' && { reason: reason.trim() }),
          ...(route === 'triggerSchedule' && { idempotencyKey }),
        },
      },
      {
        onSuccess: () => {
          announce(`${name} ${done}`)
          onClose()
        },
      },
    )
  return (
    <Dialog title={`${doing}: ${name}`} doing={doing} act={act} onDo={perform} onClose={onClose}>
      <p>{says}</p>
      <Field label="Reason" hint="Kept in the audit. It may be left out.">
        {(names) => (
          <input
            {...names}
            maxLength={MOST_REASON}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
    </Dialog>
  )
}
