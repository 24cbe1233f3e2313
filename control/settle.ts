import type { Action } from './action.ts'
import type { Demand, Version } from './model.ts'
import type { Observation } from './observation.ts'
import { reached } from './steps.ts'
import { turnAfter, turnOf, turnOfVersion } from './turn.ts'

/** What a cutover leaves to be done once: schedules and addresses of the new version, calls that only the old one can run. */
export function settle(seen: Observation): Action[] {
  const { live } = seen
  if (!live) return seen.rolling.length === 0 ? settleUnlived(seen) : []
  const lost = collectedPins(seen)
  const functions = live.manifest.functions
  const orphaned = seen.demand
    .filter(
      (demand) => demand.pin === undefined && waits(demand) && !Object.hasOwn(functions, demand.function),
    )
    .map(({ function: name }): Action => ({ do: 'pin', function: name }))
  const drained = seen.containers.every(({ version, apart }) => version === live.version || apart)
  const done = drained ? reached(live, 'drain', 'done') : []
  if (seen.app.settledVersion === live.version) return [...lost, ...orphaned, ...done]

  // What somebody tries out does not run by itself.
  const isEphemeral = seen.app.leaseUntil !== undefined
  const entries = Object.entries(functions).flatMap(([name, { schedule }]) =>
    schedule && !isEphemeral ? [{ function: name, schedule }] : [],
  )
  const rolling = seen.rolling.length > 0
  const labels = labelsIn(seen, [live, ...seen.staged])
  const { stagings = 0 } = seen.app
  return [
    { do: 'schedule', version: live.version, turn: turnOfVersion(live.version), entries },
    { do: 'unroute', turn: turnOf(seen), keepLabels: labels },
    ...lost,
    ...orphaned,
    // A version on its way has claimed its addresses already; they are sorted out when it is live or given up.
    ...(rolling ? [] : [{ do: 'settle', version: live.version, stagings, labels } satisfies Action]),
    ...done,
  ]
}

/** Calls that were pinned to a version just as it was collected. */
function collectedPins({ demand, specs }: Observation): Action[] {
  return demand.flatMap(({ function: name, pin, ...rest }): Action[] => {
    if (pin === undefined || specs.has(pin) || !waits({ function: name, ...rest })) return []
    const message = `v${pin} was collected before the call could run. Call another version, or none in particular.`
    return [{ do: 'failCalls', function: name, pin, error: { name: 'VersionCollected', message } }]
  })
}

/** Before anything of the app is live, there are only the addresses and calls of what is staged. */
function settleUnlived(seen: Observation): Action[] {
  const why = 'The call was cancelled: the app was stopped, and no version has gone live since.'
  const isStaged = ({ pin }: Demand) => seen.staged.some(({ version }) => version === pin)
  const demand = seen.demand.filter((one) => !isStaged(one))
  const unroute: Action = {
    do: 'unroute',
    turn: turnOf(seen),
    keepLabels: labelsIn(seen, seen.staged),
  }
  // Of what was stopped something may be left, where that was cut off and somebody stages or deploys already.
  const version = seen.app.lastVersion
  const isFirst = version === 1 && !seen.app.stagings
  const unschedule: Action = { do: 'schedule', version, turn: turnAfter(version), entries: [] }
  return [...(isFirst ? [] : [unroute, unschedule]), ...cancelWaiting({ app: seen.app, demand }, why)]
}

const labelsIn = ({ labels }: Observation, versions: Version[]): string[] =>
  versions.flatMap(({ version }) => [...(labels.get(version)?.keys() ?? [])])

/** Calls that nothing will ever run end now. */
export function cancelWaiting({ app, demand }: Pick<Observation, 'app' | 'demand'>, why: string): Action[] {
  return demand.filter(waits).map(({ function: name, pin }) => ({
    do: 'cancelCalls',
    function: name,
    ...(pin !== undefined && { pin }),
    through: app.lastVersion,
    why,
  }))
}

const waits = ({ pending, nextDueAt }: Demand): boolean => pending > 0 || nextDueAt !== undefined
