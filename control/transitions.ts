import type { VersionError } from '../protocol/api.ts'
import type { AppKey } from '../protocol/names.ts'
import type { Action, Effect } from './action.ts'
import { givenUpEntry, liveEntry } from './audit.ts'
import { isTriedOut } from './lease-end.ts'
import { keyOf, type Version } from './model.ts'
import { dispatch, shortened } from './notices.ts'
import type { Observation } from './observation.ts'
import { rolloutFailed } from './occasions.ts'
import { endingsOf } from './overrides.ts'
import type { Needs } from './ports.ts'
import { lastFault } from './steps.ts'
import { blocked, containerTold, stepTold, superseded } from './story.ts'

type TransitionPorts = Needs<'clock' | 'events' | 'ids' | 'logs' | 'outbox' | 'store'>

/** Notes what holds up the version, unless that is on record. */
export async function block(
  ports: TransitionPorts,
  seen: Observation,
  version: number,
  detail: string,
): Promise<Effect> {
  const known = knownVersion(seen, version)
  if (known && lastFault(known) === detail) return 'blocked'
  if (known) await ports.logs.write(seen.app, blocked(known, seen.now, detail))
  const step = known?.status === 'staged' ? 'prepare' : 'cutover'
  const at = new Date(seen.now).toISOString()
  await ports.store.recordStep(seen.app, version, { step, state: 'failed', at, detail })
  announce(ports, seen.app)
  return 'blocked'
}

export async function recordStep(
  ports: TransitionPorts,
  seen: Observation,
  action: Action & { do: 'step' },
): Promise<Effect> {
  const { version: number, step, state } = action
  const version = knownVersion(seen, number)
  if (version) await ports.logs.write(keyOf(seen.app), stepTold(version, action, { at: seen.now }))
  await ports.store.recordStep(seen.app, number, { step, state, at: new Date(seen.now).toISOString() })
  announce(ports, seen.app)
  return 'none'
}

export async function supersede(
  ports: TransitionPorts,
  seen: Observation,
  action: Action & { do: 'supersede' },
): Promise<Effect> {
  const version = knownVersion(seen, action.version)
  if (version) await ports.logs.write(keyOf(seen.app), superseded(version, action.reason, seen.now))
  return giveUp(ports, seen, action.version, { status: 'superseded', why: action.reason })
}

export async function drain(
  ports: TransitionPorts,
  seen: Observation,
  action: Action & { do: 'drain' },
): Promise<Effect> {
  const container = seen.containers.find(({ id }) => id === action.container)
  if (container) {
    const line = containerTold(container, 'drains', `takes nothing new: ${action.reason}`, seen.now)
    await ports.logs.write(keyOf(seen.app), [line])
  }
  return effect(await ports.store.drainContainer(action.container, { ...action, at: seen.now }), () =>
    ports.events.publish(`container:${action.container}`),
  )
}

export async function fail(
  ports: TransitionPorts,
  seen: Observation,
  action: Action & { do: 'fail' },
): Promise<Effect> {
  const { version, error } = action
  const known = knownVersion(seen, version)
  const told = { at: seen.now, detail: error.message }
  if (known) await ports.logs.write(keyOf(seen.app), stepTold(known, { step: 'fail', state: 'failed' }, told))
  const step = {
    step: 'fail',
    state: 'failed',
    at: new Date(seen.now).toISOString(),
    detail: error.message,
  } as const
  await ports.store.recordStep(seen.app, version, step)
  return giveUp(ports, seen, version, { status: 'failed', why: error.message, error })
}

async function giveUp(
  ports: TransitionPorts,
  { app, rolling, staged, now }: Observation,
  number: number,
  { why, ...end }: { status: 'failed' | 'superseded'; why: string; error?: VersionError },
): Promise<Effect> {
  const version = [...rolling, ...staged].find((one) => one.version === number)
  const entry = version && givenUpEntry(ports, version, `version.${end.status}`, why)
  const error = isTriedOut(app) ? undefined : end.error
  const notice = version && error && shortened(rolloutFailed(version, error, now))
  const ended = await ports.store.endRollout(app, number, { ...end, ...(notice && { notice }) }, entry)
  if (ended) await dispatch(ports, notice)
  return effect(ended, () => announce(ports, app))
}

export async function cutOver(
  ports: TransitionPorts,
  seen: Observation,
  action: Action & { do: 'cutOver' },
): Promise<Effect> {
  const { app, rolling, now } = seen
  const version = rolling.find((one) => one.version === action.version)
  const entry = version && liveEntry(ports, version, app.liveVersion)
  const endings = version && endingsOf(version)
  if (!(await ports.store.cutOver(app, action.version, now, entry, { endings, untried: action.untried })))
    return 'refused'
  for (const container of action.awaken) ports.events.publish(`container:${container}`)
  return 'changed'
}

export function announce(ports: TransitionPorts, { env, app }: AppKey): void {
  ports.events.publish(`app:${env}/${app}`)
}

function effect(changed: boolean, then: () => void): Effect {
  if (changed) then()
  return changed ? 'changed' : 'none'
}

const knownVersion = ({ live, rolling, staged }: Observation, version: number): Version | undefined =>
  [...(live ? [live] : []), ...rolling, ...staged].find((one) => one.version === version)
