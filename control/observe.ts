import type { AppKey } from '../protocol/names.ts'
import { addressesOf, aliasesOf } from './labels.ts'
import { type App, keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import { inEffect } from './overrides.ts'
import type { Needs } from './ports.ts'
import { watchedUntil } from './watch.ts'

type ObservePorts = Needs<'clock' | 'keys' | 'launchMs' | 'retention' | 'store'>

/** No app is cut over so often; a plan that rests on what has just changed does no lasting harm. */
const LOOKS = 3

/** Reads all that a plan for the app needs, or undefined where there is no such app. Cost: what runs and waits now. */
export async function observe(ports: ObservePorts, key: AppKey): Promise<Observation | undefined> {
  for (let looks = 1; ; looks++) {
    const seen = await look(ports, key)
    if (!seen?.isOvertaken || looks === LOOKS) return seen?.observation
  }
}

async function look(
  ports: ObservePorts,
  key: AppKey,
): Promise<{ observation: Observation; isOvertaken: boolean } | undefined> {
  const app = await ports.store.app(key)
  if (!app) return undefined
  const now = ports.clock.now()
  const found = app.liveVersion === undefined ? undefined : await ports.store.version(key, app.liveVersion)
  // Here, once: whatever is decided later rests on the settings that hold, and not on those that were deployed.
  const live = found && inEffect(app, found)
  // Before the rollouts: where another one had a container leave for them, it has noted that before.
  const containers = await ports.store.containers(key)
  const rolling = (await ports.store.rollingVersions(key)).map((version) => inEffect(app, version))
  if (await hasGoneLive(ports, app, rolling)) return look(ports, key)
  const staged = (await stagedVersions(ports, app)).map((version) => inEffect(app, version))
  const demand = await ports.store.demand(key, now)

  const current = [...(live ? [live] : []), ...rolling, ...staged]
  const pins = demand.flatMap(({ pin }) => pin ?? [])
  const starting = new Set([...current.map(({ version }) => version), ...pins])
  const failed = await Promise.all([...starting].map((version) => ports.store.failedContainers(key, version)))
  const others = await otherVersions(
    ports,
    app,
    [...containers.map(({ version }) => version), ...pins],
    current,
  )
  const observation = {
    now,
    launchMs: ports.launchMs,
    retention: ports.retention,
    app,
    ...(live && { live }),
    rolling,
    staged,
    containers,
    failed: failed.flat(),
    demand,
    ...(await usageWhileWatched(ports, live)),
    specs: specsOf([...current, ...others]),
    labels: new Map(current.map((version) => [version.version, addressesOf(ports.keys, version)])),
    aliases: aliasesOf(ports.keys, staged),
  }
  // What went live after the app was read is not rolling any more either: its containers would seem to be of no use.
  const isOvertaken = others.some(({ status }) => status === 'live' || status === 'staged')
  return { observation, isOvertaken }
}

/**
 * Whether what was on its way as the app was read went live before the rollouts were: then it would seem that there is
 * nothing to come, and its schedules and addresses would be taken for left over; or that a later one will be the first, in
 * whose turn it could not be reached. Costs nothing where one is live, nor while there is none that is not on its way.
 */
async function hasGoneLive({ store }: Needs<'store'>, app: App, rolling: Version[]): Promise<boolean> {
  if (app.state !== 'deployed' || app.liveVersion !== undefined) return false
  if (rolling.length >= app.lastVersion) return false
  return (await store.app(app))?.liveVersion !== undefined
}

/** Costs nothing where nobody asked for it, nor after. */
async function usageWhileWatched(
  ports: Needs<'store'>,
  live: Version | undefined,
): Promise<Pick<Observation, 'usage'>> {
  if (!live || watchedUntil(live) === undefined) return {}
  const of = { version: live.version, since: live.liveAt ?? 0 }
  return { usage: await ports.store.usageOf(live, of) }
}

/** Costs nothing where none is staged: the app says so. */
export async function stagedVersions(ports: Needs<'store'>, app: App): Promise<Version[]> {
  const found = await Promise.all((app.staged ?? []).map((version) => ports.store.version(app, version)))
  // One that was promoted or given up since is not staged any more.
  return found.flatMap((version) => (version?.status === 'staged' ? [version] : []))
}

async function otherVersions(
  ports: Needs<'store'>,
  app: App,
  numbers: number[],
  known: Version[],
): Promise<Version[]> {
  const isKnown = (number: number) => known.some(({ version }) => version === number)
  const unknown = [...new Set(numbers)].filter((number) => !isKnown(number))
  const found = await Promise.all(unknown.map((number) => ports.store.version(keyOf(app), number)))
  return found.flatMap((version) => (version ? [inEffect(app, version)] : []))
}

const specsOf = (versions: Version[]): Observation['specs'] =>
  new Map(versions.map(({ version, manifest }) => [version, manifest.functions]))
