import type { RouteInput, RouteResponse } from '../../../../protocol/routes.ts'
import { useReason } from '../../../parts/reason.tsx'
import { useDialogAct } from '../../../parts/use-dialog-act.ts'

type Change = 'rollback' | 'rollover' | 'promote' | 'unstage' | 'start' | 'stop'

/** A change of an app with a reason, as a dialog has it done. */
export function useChange<Id extends Change>(
  route: Id,
  { env, app }: { env: string; app: string },
  outcome: { done: (answer: RouteResponse<Id>) => string; onClose: () => void },
) {
  const { reason, record } = useReason()
  const { act, perform } = useDialogAct(route, outcome)
  return {
    act,
    reason,
    perform: (body: { version?: number } = {}) =>
      perform({ params: { app }, query: { env }, body: { ...body, ...record } as RouteInput<Id> }),
  }
}
