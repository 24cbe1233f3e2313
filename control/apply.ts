import type { AppKey } from '../protocol/names.ts'
import { containerToken } from './access.ts'
import type { Action } from './action.ts'
import { cancel, enqueue } from './calls.ts'
import { kill, lastLines } from './containers.ts'
import { type Container, keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import { BATCH } from './policy.ts'
import type { Ingress, Needs } from './ports.ts'

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

/** What an action came to: `changed` asks for a new plan, `refused` also ends this one, `pending` asks for it in a moment. */
type Effect = 'none' | 'changed' | 'refused' | 'pending'

/**
 * Performs actions in order. Each is conditional on what it was planned for, so it may be done late, twice or beside
 * somebody else's.
 * @returns `changed` if there is something that a further plan should see at once, `pending` if soon.
 */
export async function apply(
  ports: ReconcilePorts,
  seen: Observation,
  actions: Action[],
): Promise<'done' | 'changed' | 'pending'> {
  let changed = false
  let pending = false
  for (const action of actions) {
    // While requests still go to the old version, nothing is taken from it: only what starts is done.
    if (pending && action.do !== 'start' && action.do !== 'launch' && action.do !== 'point') continue
    const effect = await perform(ports, seen, action)
    if (effect === 'pending') pending = true
    else if (effect !== 'none') changed = true
    if (effect === 'refused') break
  }
  if (changed) return 'changed'
  return pending ? 'pending' : 'done'
}

async function perform(ports: ReconcilePorts, seen: Observation, action: Action): Promise<Effect> {
  const { store } = ports
  const { now } = seen
  const key = keyOf(seen.app)
  switch (action.do) {
    case 'step':
      return recordStep(ports, seen, action)
    case 'supersede':
      return effect(await store.endRollout(key, action.version, { status: 'superseded' }), () =>
        announce(ports, key),
      )
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
      await store.finishStop(key)
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
  return effect(await ports.store.endRollout(seen.app, version, { status: 'failed', error }), () =>
    announce(ports, seen.app),
  )
}

async function cutOver(
  ports: ReconcilePorts,
  seen: Observation,
  action: Action & { do: 'cutOver' },
): Promise<Effect> {
  if (!(await ports.store.cutOver(seen.app, action.version, seen.now))) return 'refused'
  for (const container of action.awaken) ports.events.publish(`container:${container}`)
  return 'changed'
}

async function start(
  ports: ReconcilePorts,
  seen: Observation,
  action: Action & { do: 'start' },
): Promise<Effect> {
  const container: Container = {
    env: seen.app.env,
    app: seen.app.app,
    id: ports.ids.next('co'),
    function: action.function,
    version: action.version,
    state: 'starting',
    running: 0,
    requests: 0,
    launched: false,
    startedAt: seen.now,
    seenAt: seen.now,
  }
  const limits = { expect: action.active, max: action.max }
  if (!(await ports.store.reserveContainer(container, limits))) return 'refused'
  await launch(ports, seen, container)
  return 'changed'
}

async function launch(ports: ReconcilePorts, seen: Observation, container: Container): Promise<Effect> {
  const spec = seen.specs.get(container.version)?.[container.function]
  if (!spec) return 'none'
  const token = containerToken(ports.keys, container.id)
  const launched = await ports.compute.launch({ container, spec, token })
  if (launched.kind === 'refused') return giveUp(ports, container, launched.reason)
  await ports.store.containerLaunched(container.id)
  return 'none'
}

/** Its place is free again; what it was to do waits, and is tried anew. */
async function giveUp({ store, clock }: ReconcilePorts, { id }: Container, reason: string): Promise<Effect> {
  await store.containerFailed(id, { kind: 'refused', message: reason, logs: [] })
  await store.containerStopped(id, `was not started: ${reason}`, clock.now())
  return 'changed'
}

/** Calls of a function that the live version no longer has are run on the last one that had it. */
async function pin(ports: ReconcilePorts, key: AppKey, name: string): Promise<Effect> {
  const home = await lastVersionWith(ports, key, name)
  if (!home) return 'none'
  await ports.store.pinCalls(key, name, home.version)
  for (const call of await ports.store.pendingCalls(key, name, home.version, BATCH))
    await enqueue(ports, call)
  return 'changed'
}

async function lastVersionWith(
  ports: ReconcilePorts,
  key: AppKey,
  name: string,
): Promise<Version | undefined> {
  let cursor: string | undefined
  do {
    const page = await ports.store.versions(key, { cursor, limit: BATCH })
    const home = page.items.find(
      ({ liveAt, manifest }) => liveAt !== undefined && Object.hasOwn(manifest.functions, name),
    )
    if (home) return home
    cursor = page.cursor
  } while (cursor !== undefined)
  return undefined
}

async function failCalls(
  ports: ReconcilePorts,
  key: AppKey,
  action: Action & { do: 'failCalls' },
): Promise<Effect> {
  const calls = await ports.store.pendingCalls(key, action.function, action.pin, BATCH)
  for (const call of calls) {
    if (await ports.store.failCall(call.id, action.error, ports.clock.now()))
      ports.events.publish(`call:${call.id}`)
  }
  return calls.length > 0 ? 'changed' : 'none'
}

async function cancelCalls(ports: ReconcilePorts, key: AppKey, why: string): Promise<Effect> {
  const calls = await ports.store.pendingCalls(key, undefined, undefined, BATCH)
  for (const call of calls) await cancel(ports, call.id, why)
  return calls.length > 0 ? 'changed' : 'none'
}
