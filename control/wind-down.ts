import { drainAll, endOverdue } from './drain.ts'
import type { Action, Observation, Revisits } from './plan.ts'

/** A stopping app loses its addresses, schedules and waiting calls at once, and its containers within their grace. */
export function wind(seen: Observation, later: Revisits): Action[] {
  if (seen.app.state === 'stopped' && seen.containers.length === 0) return []
  const waiting = seen.demand.some(({ pending, nextDueAt }) => pending > 0 || nextDueAt !== undefined)
  const actions: Action[] = [
    { do: 'unroute', keepLabels: [] },
    { do: 'schedule', entries: [] },
    ...(waiting ? [{ do: 'cancelCalls', why: 'The app was stopped.' } satisfies Action] : []),
    ...drainAll(seen, seen.app.stopDeadline ?? seen.now, 'the app was stopped'),
    ...seen.containers
      .filter((container) => container.state === 'draining')
      .flatMap((container) => endOverdue(container, later)),
  ]
  return seen.containers.length === 0 && !waiting ? [...actions, { do: 'finishStop' }] : actions
}
