import { drainAll, endOverdue } from './drain.ts'
import type { Action, Observation, Revisits } from './plan.ts'

/** A stopping app loses its addresses, schedules and waiting calls at once, and its containers within their grace. */
export function wind(seen: Observation, later: Revisits): Action[] {
  if (seen.app.state === 'stopped' && seen.containers.length === 0) return []
  const pending = seen.demand.some(
    (demand) => demand.pin === undefined || demand.pending > 0 || demand.nextDueAt !== undefined,
  )
  const actions: Action[] = [
    { do: 'unroute', keepLabels: [] },
    { do: 'schedule', entries: [] },
    ...(pending ? [{ do: 'cancelCalls', why: 'The app was stopped.' } satisfies Action] : []),
    ...drainAll(seen, seen.app.stopDeadline ?? seen.now, 'the app was stopped'),
    ...seen.containers
      .filter((container) => container.state === 'draining')
      .flatMap((container) => endOverdue(container, later)),
  ]
  return seen.containers.length === 0 && !pending ? [...actions, { do: 'finishStop' }] : actions
}
