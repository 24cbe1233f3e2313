import type { Action } from './action.ts'
import { drainAll, endOverdue } from './drain.ts'
import type { Observation } from './observation.ts'
import { collectableAt } from './retention.ts'
import type { Revisits } from './revisits.ts'
import { cancelWaiting } from './settle.ts'
import { stopping } from './story.ts'
import { turnAfter, turnOf } from './turn.ts'

/** A stopping app loses its addresses, schedules and waiting calls at once, and its containers within their grace. */
export function wind(seen: Observation, later: Revisits): Action[] {
  const cancelled = cancelWaiting(seen, 'The call was cancelled: the app was stopped.')
  // A call that was accepted just before may have been hinted at since, which makes a queue anew.
  if (seen.app.state === 'stopped' && seen.containers.length === 0)
    return cancelled.length > 0 ? cancelled : [{ do: 'finishStop' }, ...collect(seen, later)]
  const version = seen.app.lastVersion
  const actions: Action[] = [
    { do: 'tell', lines: [stopping(seen.app)] },
    { do: 'unroute', turn: turnOf(seen), keepLabels: [] },
    { do: 'schedule', version, turn: turnAfter(version), entries: [] },
    ...cancelled,
    ...drainAll(seen.containers, seen.app.stopDeadline ?? seen.now, 'the app was stopped'),
    ...seen.containers
      .filter((container) => container.state === 'draining')
      .flatMap((container) => endOverdue(container, later)),
  ]
  return seen.containers.length === 0 && cancelled.length === 0 ? [...actions, { do: 'finishStop' }] : actions
}

/** It can be started again for a while, unless it was only tried out; then only its number is kept. */
function collect({ app, retention }: Observation, later: Revisits): Action[] {
  const isDue =
    app.collectedAt === undefined ? later.isDue(collectableAt(app, retention)) : app.collectAt !== undefined
  return isDue ? [{ do: 'collect' }] : []
}
