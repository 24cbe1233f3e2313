import { ERRORS } from '../../protocol/errors.ts'
import { ACTIONS } from './actions.ts'
import { planOf } from './plan.ts'

/** What the domain can come to, by the names that the history counts it under. */
export const OUTCOMES = [
  // Rollouts.
  'version rolling → live',
  'version rolling → failed',
  'version rolling → superseded',
  'version begun by itself',
  'version begun by rollback',
  'version begun by rollover',
  'version begun by start',
  'end staged: promoted',
  'end staged: unstaged',
  'version collected',
  'ingress.point: pending',
  // Stops.
  'stop: while calls waited',
  'app stopping → stopped',
  'app stopping → deployed',
  'app stopped → deployed',
  'call: app_stopped',
  // Containers.
  'container draining → stopped',
  'container starting → stopped',
  'process told to exit',
  'process killed at work',
  'compute.launch: refused',
  // Calls.
  'call pending → running',
  'call pending → failed',
  'call pending → cancelled',
  'call running → succeeded',
  'call running → failed',
  'call running → timed_out',
  'call ended at its timeout',
  'call running → pending, it was lost',
  'call running → pending, it failed',
  // Requests.
  'request: it waits',
  'request: given to a container',
  // What was planned before something else happened, and is refused.
  'hint coalesced',
  'store.beginVersion: conflict',
  'store.beginVersion: secret_gone',
  'store.deleteSecret: needed',
  'remove secret: removed',
  'store.acceptCall: moved',
  'store.acceptCall: duplicate',
  'call once: idempotency_conflict',
  'cancel: cancelled',
  'store.claimCall: nothing',
  'store.cutOver: nothing',
  'store.endRollout: nothing',
  'store.reserveContainer: nothing',
  'store.drainContainer: nothing',
  'store.containerStopped: nothing',
  'store.releaseCall: nothing',
  // Schedules and notices.
  'pause or resume: paused',
  'pause or resume: resumed',
  'slot fired',
  'slot missed',
  'slot paused',
  'slot skipped',
  'notice rollout_failed',
  'notice rolled_back',
  'change channel: made',
  'change channel: changed',
  'change channel: deleted',
  'change channel: made anew',
  'notice heard by ops',
] as const

/** How an action comes out that came to nothing. */
const REFUSALS = [...Object.keys(ERRORS), 'cut off', 'broken']

/**
 * What does not occur in a thousand runs is not tested by them, whatever they find: nobody is to be fooled by a world in
 * which nothing happens. Every action is to have been taken, and every fault to have occurred.
 */
export function missingAmong(occurred: ReadonlySet<string>): string[] {
  const outcomes = [...Object.keys(planOf(1).faults), ...OUTCOMES].filter((name) => !occurred.has(name))
  const actions = Object.keys(ACTIONS).filter((action) => !isTaken(action, occurred))
  return [...actions, ...outcomes]
}

const isTaken = (action: string, occurred: ReadonlySet<string>): boolean =>
  [...occurred].some((name) => {
    const [what, outcome = ''] = name.split(': ')
    return what === action && !REFUSALS.includes(outcome)
  })
