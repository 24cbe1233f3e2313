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
  const announce = useAnnounce()
  const act = useAct(route, (answer) => {
    announce(done(answer))
    onClose()
  })
  const perform = (asked: Asked<Id>) => act.mutate(asked)
  return { act, perform }
}
