import type { PublicRoute } from '../../protocol/paths.ts'
import type { RouteResponse } from '../../protocol/routes.ts'
import type { Asked } from '../api/client.ts'
import { useAct } from '../api/queries.ts'
import { useAnnounce } from '../shell/announcer.tsx'

interface Outcome<Id extends PublicRoute> {
  /** What is said once it is done. */
  done: (answer: RouteResponse<Id>) => string
  onClose: () => void
}

/** An act as a dialog has it done: once it is, that is said and the dialog closes. */
export function useDialogAct<Id extends PublicRoute>(route: Id, { done, onClose }: Outcome<Id>) {
  const act = useAct(route)
  const announce = useAnnounce()
  const perform = (asked: Asked<Id>) => {
    const onSuccess = (answer: RouteResponse<Id>) => {
      announce(done(answer))
      onClose()
    }
    act.mutate(asked, { onSuccess })
  }
  return { act, perform }
}
