import { useState } from 'preact/hooks'
import type { RouteInput, RouteResponse } from '../../../../protocol/routes.ts'
import { useAct } from '../../../api/queries.ts'
import { useAnnounce } from '../../../shell/announcer.tsx'

/** Tells the history that it was done here. */
const CLIENT = 'console'

type Change = 'rollback' | 'rollover' | 'promote' | 'unstage' | 'start' | 'stop'

/** A change of an app with a reason, as a dialog has it done; the dialog closes once it is, and it is said. */
export function useChange<Id extends Change>(
  route: Id,
  { env, app }: { env: string; app: string },
  { done, onClose }: { done: (answer: RouteResponse<Id>) => string; onClose: () => void },
) {
  const [reason, setReason] = useState('')
  const announce = useAnnounce()
  const act = useAct(route)
  const perform = (body: { version?: number } = {}) => {
    const why = reason.trim()
    const whole = { ...body, client: CLIENT, ...(why !== '' && { reason: why }) } as RouteInput<Id>
    const onSuccess = (answer: RouteResponse<Id>) => {
      announce(done(answer))
      onClose()
    }
    act.mutate({ params: { app }, query: { env }, body: whole }, { onSuccess })
  }
  return { act, perform, reason: { value: reason, onInput: setReason } }
}
