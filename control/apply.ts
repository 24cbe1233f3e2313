import type { VersionError } from '../protocol/api.ts'
import { type ErrorCode, SluiceError } from '../protocol/errors.ts'
import type { AppKey } from '../protocol/names.ts'
import type { Action, Effect } from './action.ts'
import { givenUpEntry, liveEntry, stoppedEntry } from './audit.ts'
import { kill, lastLines } from './containers.ts'
import { launch, start } from './launches.ts'
import { cancelCalls, failCalls, pin } from './left-calls.ts'
import { keyOf } from './model.ts'
import type { Observation } from './observation.ts'
import type { Ingress, Needs } from './ports.ts'
import { lastFault } from './steps.ts'

/** All that it takes to bring an app towards what is wished. */
export type ReconcilePorts = Needs<
  | 'store'
  | 'queue'
  | 'compute'
  | 'timetable'
  | 'logs'
  | 'events'
  | 'worklist'
  | 'keys'
  | 'clock'
  | 'ids'
  | 'launchMs'
> & { ingress: Pick<Ingress, 'point' | 'remove'> }

/** While requests still go to the old version, nothing is taken from it. */
const GOES_ON = {
  pending: ['start', 'launch', 'point'],
  /** That may last, so whatever else does not touch the old version is done meanwhile. */
  blocked: ['start', 'launch', 'point', 'schedule', 'pin', 'failCalls', 'kill'],
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

async function block(
  ports: ReconcilePorts,
  seen: Observation,
  version: number,
  detail: string,
): Promise<Effect> {
  const known = [...(seen.live ? [seen.live] : []), ...seen.rolling].find((one) => one.version === version)
  if (known && lastFault(known) === detail) return 'blocked'
  const step = { step: 'cutover', state: 'failed', at: new Date(seen.now).toISOString(), detail } as const
  await ports.store.recordStep(seen.app, version, step)
  announce(ports, seen.app)
  return 'blocked'
}

async function perform(ports: ReconcilePorts, seen: Observation, action: Action): Promise<Effect> {
  const { store } = ports
  const { now } = seen
  const key = keyOf(seen.app)
  switch (action.do) {
    case 'step':
      return recordStep(ports, seen, action)
    case 'supersede':
      return giveUp(ports, seen, action.version, { status: 'superseded' })
    case 'fail':
      return fail(ports, seen, action)
    case 'cutOver':
      return cutOver(ports, seen, action)
    case 'start':
      return start(ports, seen, action)
    case 'launch':
      return launch(ports, seen, action.container)
    case 'drain':
      return effect(await store.drainContainer(action.container, action), () =>
        ports.events.publish(`container:${action.container}`),
      )
    case 'kill':
      if (action.failure) {
        const container = seen.containers.find(({ id }) => id === action.container)
        const logs = container ? await lastLines(ports, container) : []
        await store.containerFailed(action.container, { ...action.failure, logs })
      }
      await kill(ports, action.container)
      return 'none'
    case 'point':
      return (await ports.ingress.point(action.endpoint, action.targets, action.fault)) === 'pointed'
        ? 'none'
        : 'pending'
    case 'unroute':
      await ports.ingress.remove(key, action.version, action.keepLabels)
      return 'none'
    case 'schedule':
      await ports.timetable.sync(key, action.version, action.entries, now)
      return 'none'
    case 'pin':
      return pin(ports, key, action.function)
    case 'failCalls':
      return failCalls(ports, key, action)
    case 'cancelCalls':
      return cancelCalls(ports, key, action.why)
    case 'settle':
      await store.settle(key, action.version, action.labels)
      return 'none'
    case 'finishStop':
      await ports.queue.remove(key)
      await store.finishStop(key, stoppedEntry(ports, seen.app))
      announce(ports, key)
      return 'none'
  }
}

function effect(changed: boolean, then: () => void): Effect {
  if (changed) then()
  return changed ? 'changed' : 'none'
}

function announce(ports: ReconcilePorts, { env, app }: AppKey): void {
  ports.events.publish(`app:${env}/${app}`)
}

async function recordStep(
  ports: ReconcilePorts,
  seen: Observation,
  action: Action & { do: 'step' },
): Promise<Effect> {
  const { version: number, step, state } = action
  await ports.store.recordStep(seen.app, number, { step, state, at: new Date(seen.now).toISOString() })
  announce(ports, seen.app)
  return 'none'
}

async function fail(
  ports: ReconcilePorts,
  seen: Observation,
  action: Action & { do: 'fail' },
): Promise<Effect> {
  const { version, error } = action
  const step = {
    step: 'fail',
    state: 'failed',
    at: new Date(seen.now).toISOString(),
    detail: error.message,
  } as const
  await ports.store.recordStep(seen.app, version, step)
  return giveUp(ports, seen, version, { status: 'failed', error })
}

async function giveUp(
  ports: ReconcilePorts,
  { app, rolling }: Observation,
  number: number,
  end: { status: 'failed' | 'superseded'; error?: VersionError },
): Promise<Effect> {
  const version = rolling.find((one) => one.version === number)
  const why = end.error?.message ?? `v${app.lastVersion} was deployed meanwhile`
  const entry = version && givenUpEntry(ports, version, `version.${end.status}`, why)
  return effect(await ports.store.endRollout(app, number, end, entry), () => announce(ports, app))
}

async function cutOver(
  ports: ReconcilePorts,
  seen: Observation,
  action: Action & { do: 'cutOver' },
): Promise<Effect> {
  const { app, rolling, now } = seen
  const version = rolling.find((one) => one.version === action.version)
  const entry = version && liveEntry(ports, version, app.liveVersion)
  if (!(await ports.store.cutOver(app, action.version, now, entry))) return 'refused'
  for (const container of action.awaken) ports.events.publish(`container:${container}`)
  return 'changed'
}
