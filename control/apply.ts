import { type ErrorCode, SluiceError } from '../protocol/errors.ts'
import type { Action, Effect } from './action.ts'
import { stoppedEntry } from './audit.ts'
import { collectDue } from './collect.ts'
import { abandon, kill } from './containers.ts'
import { launch, start } from './launches.ts'
import { expire } from './lease.ts'
import { cancelCalls, failCalls, pin } from './left-calls.ts'
import { keyOf } from './model.ts'
import { raise } from './notices.ts'
import type { Observation } from './observation.ts'
import type { Ingress, Needs } from './ports.ts'
import { rollBackItself } from './roll-back-itself.ts'
import { setSchedules } from './set-schedules.ts'
import { stopped } from './story.ts'
import { announce, block, cutOver, drain, fail, recordStep, supersede } from './transitions.ts'

/** All that it takes to bring an app towards what is wished. */
export type ReconcilePorts = Needs<
  | 'store'
  | 'queue'
  | 'compute'
  | 'timetable'
  | 'logs'
  | 'events'
  | 'worklist'
  | 'outbox'
  | 'keys'
  | 'clock'
  | 'ids'
  | 'launchMs'
  | 'retention'
> & { ingress: Pick<Ingress, 'point' | 'remove'> }

/** While requests still go to the old version, nothing is taken from it. */
const GOES_ON = {
  pending: ['start', 'launch', 'point', 'raise', 'rollBack'],
  /** That may last, so whatever else does not touch the old version is done meanwhile. */
  blocked: [
    'start',
    'launch',
    'point',
    'schedule',
    'pin',
    'failCalls',
    'kill',
    'abandon',
    'raise',
    'rollBack',
  ],
} as const satisfies Record<string, readonly Action['do'][]>

/**
 * Performs actions in order. Each is conditional on what it was planned for, so it may be done late, twice or beside
 * somebody else's.
 * @returns when a further plan should see what has become of it.
 */
export async function apply(
  ports: ReconcilePorts,
  seen: Observation,
  actions: Action[],
): Promise<'done' | 'changed' | 'pending' | 'blocked'> {
  const effects = new Set<Effect>()
  for (const action of actions) {
    if (isHeld(action, effects)) continue
    const effect = await attempt(ports, seen, action)
    effects.add(effect)
    if (effect === 'refused') break
  }
  if (effects.has('changed') || effects.has('refused')) return 'changed'
  if (effects.has('pending')) return 'pending'
  return effects.has('blocked') ? 'blocked' : 'done'
}

function isHeld(action: Action, effects: ReadonlySet<Effect>): boolean {
  const holding = (['pending', 'blocked'] as const).filter((effect) => effects.has(effect))
  return holding.some((effect) => !GOES_ON[effect].some((goesOn) => goesOn === action.do))
}

/** What the platform has no room for, or never will do, is told to whoever deployed; anything else is tried again. */
async function attempt(ports: ReconcilePorts, seen: Observation, action: Action): Promise<Effect> {
  try {
    return await perform(ports, seen, action)
  } catch (error) {
    const isFinal = error instanceof SluiceError && FINAL.includes(error.code)
    if (!isFinal || (action.do !== 'point' && action.do !== 'schedule')) throw error
    const version = action.do === 'point' ? action.endpoint.version : action.version
    return block(ports, seen, version, error.message)
  }
}

const FINAL: readonly ErrorCode[] = ['quota_exceeded', 'invalid_manifest']

async function perform(ports: ReconcilePorts, seen: Observation, action: Action): Promise<Effect> {
  const { store } = ports
  const { now } = seen
  const key = keyOf(seen.app)
  switch (action.do) {
    case 'tell':
      await ports.logs.write(key, action.lines)
      return 'none'
    case 'step':
      return recordStep(ports, seen, action)
    case 'supersede':
      return supersede(ports, seen, action)
    case 'fail':
      return fail(ports, seen, action)
    case 'cutOver':
      return cutOver(ports, seen, action)
    case 'start':
      return start(ports, seen, action)
    case 'launch':
      return launch(ports, seen, action.container)
    case 'drain':
      return drain(ports, seen, action)
    case 'kill':
      await kill(ports, action.container)
      return 'none'
    case 'abandon':
      await abandon(ports, action, now)
      return 'none'
    case 'point':
      return (await ports.ingress.point(action.endpoint, action.targets, action.fault)) === 'pointed'
        ? 'none'
        : 'pending'
    case 'unroute':
      await ports.ingress.remove(key, action.turn, action.keepLabels)
      return 'none'
    case 'schedule':
      await setSchedules(ports, key, action, now)
      return 'none'
    case 'pin':
      return pin(ports, key, action.function)
    case 'failCalls':
      return failCalls(ports, key, action)
    case 'cancelCalls':
      return cancelCalls(ports, key, action)
    case 'rollBack':
      return rollBackItself(ports, seen, action)
    case 'raise':
      await raise(ports, action.notice)
      return 'none'
    case 'settle':
      await store.settle(key, action, action.labels)
      return 'none'
    case 'expire':
      return expire(ports, key)
    case 'finishStop':
      await ports.queue.remove(key)
      if (seen.app.state === 'stopping') await ports.logs.write(key, [stopped(seen.app, now)])
      await store.finishStop(key, stoppedEntry(ports, seen.app))
      announce(ports, key)
      // When it is to be collected is decided on what it is now.
      return seen.app.state === 'stopping' ? 'changed' : 'none'
    case 'collect':
      await collectDue(ports, seen.app)
      // When to look again is decided anew.
      return 'changed'
  }
}
