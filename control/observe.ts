import type { FunctionSpec } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { addressesOf, aliasesOf } from './labels.ts'
import { type App, keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import { inEffect } from './overrides.ts'
import type { Needs } from './ports.ts'
import { watchedUntil } from './watch.ts'

/** Reads all that a plan for the app needs, or undefined where there is no such app. Cost: what runs and waits now. */
export async function observe(
  ports: Needs<'clock' | 'keys' | 'launchMs' | 'retention' | 'store'>,
  key: AppKey,
): Promise<Observation | undefined> {
  const app = await ports.store.app(key)
  if (!app) return undefined
  const now = ports.clock.now()
  const found = app.liveVersion === undefined ? undefined : await ports.store.version(key, app.liveVersion)
  // Here, once: whatever is decided later rests on the settings that hold, and not on those that were deployed.
  const live = found && inEffect(app, found)
  // Before the rollouts: where another one had a container leave for them, it has noted that before.
  const containers = await ports.store.containers(key)
  const rolling = (await ports.store.rollingVersions(key)).map((version) => inEffect(app, version))
  const staged = (await stagedVersions(ports, app)).map((version) => inEffect(app, version))
  const demand = await ports.store.demand(key, now)

  const current = [...(live ? [live] : []), ...rolling, ...staged]
  const pins = demand.flatMap(({ pin }) => pin ?? [])
  const starting = new Set([...current.map(({ version }) => version), ...pins])
  const failed = await Promise.all([...starting].map((version) => ports.store.failedContainers(key, version)))
  const others = [...containers.map(({ version }) => version), ...pins]
  return {
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
    specs: await specsOf(ports, app, current, others),
    labels: new Map(current.map((version) => [version.version, addressesOf(ports.keys, version)])),
    aliases: aliasesOf(ports.keys, staged),
  }
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

async function specsOf(
  ports: Needs<'store'>,
  app: App,
  known: Version[],
  others: number[],
): Promise<Map<number, Record<string, FunctionSpec>>> {
  const specs = new Map(known.map((version) => [version.version, version.manifest.functions]))
  for (const number of others) {
    if (specs.has(number)) continue
    const version = await ports.store.version(keyOf(app), number)
    if (version) specs.set(number, inEffect(app, version).manifest.functions)
  }
  return specs
}
