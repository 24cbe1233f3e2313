import { useState } from 'preact/hooks'
import type { ScheduleView } from '../../../protocol/schedules.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Reason, useReason } from '../../parts/reason.tsx'
import { useDialogAct } from '../../parts/use-dialog-act.ts'

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
  const { reason, record } = useReason()
  // Two clicks are one run.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const { act, perform } = useDialogAct(route, { done: () => `${name} ${done}`, onClose })
  const once = route === 'triggerSchedule' ? { idempotencyKey } : {}
  const asked = { params: { app, function: name }, query: { env }, body: { ...record, ...once } }
  return (
    <Dialog title={`${doing}: ${name}`} doing={doing} act={act} onDo={() => perform(asked)} onClose={onClose}>
      <p>{says}</p>
      <Reason {...reason} />
    </Dialog>
  )
}
