import type { Action } from './action.ts'
import type { Demand } from './model.ts'
import type { Observation } from './observation.ts'
import { reached } from './steps.ts'

/** What a cutover leaves to be done once: schedules and addresses of the new version, calls that only the old one can run. */
export function settle(seen: Observation): Action[] {
  const { live } = seen
  if (!live)
    return seen.rolling.length === 0
      ? cancelWaiting(
          seen,
          'The call was cancelled: the app was stopped, and no version has gone live since.',
        )
      : []
  const lost = collectedPins(seen)
  const functions = live.manifest.functions
  const orphaned = seen.demand
    .filter(
      (demand) => demand.pin === undefined && waits(demand) && !Object.hasOwn(functions, demand.function),
    )
    .map(({ function: name }): Action => ({ do: 'pin', function: name }))
  const drained = seen.containers.every(({ version }) => version === live.version)
  const done = drained ? reached(live, 'drain', 'done') : []
  if (seen.app.settledVersion === live.version) return [...lost, ...orphaned, ...done]

  // What somebody tries out does not run by itself.
  const isEphemeral = seen.app.leaseUntil !== undefined
  const entries = Object.entries(functions).flatMap(([name, { schedule }]) =>
    schedule && !isEphemeral ? [{ function: name, schedule }] : [],
  )
  const rolling = seen.rolling.length > 0
  const labels = [...(seen.labels.get(live.version)?.keys() ?? [])]
  return [
    { do: 'schedule', version: live.version, entries },
    { do: 'unroute', version: live.version, keepLabels: labels },
    ...lost,
    ...orphaned,
    // A version on its way has claimed its addresses already; they are sorted out when it is live or given up.
    ...(rolling ? [] : [{ do: 'settle', version: live.version, labels } satisfies Action]),
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

/** Calls that nothing will ever run end now. */
export function cancelWaiting({ demand }: Observation, why: string): Action[] {
  return demand.some(waits) ? [{ do: 'cancelCalls', why }] : []
}

const waits = ({ pending, nextDueAt }: Demand): boolean => pending > 0 || nextDueAt !== undefined
