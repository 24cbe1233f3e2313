import type { FunctionSpec } from '../protocol/manifest.ts'
import type { AppKey } from '../protocol/names.ts'
import { labelsOf } from './labels.ts'
import { type App, keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import { inEffect } from './overrides.ts'
import type { Needs } from './ports.ts'

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
  const rolling = (await ports.store.rollingVersions(key)).map((version) => inEffect(app, version))
  const containers = await ports.store.containers(key)
  const demand = await ports.store.demand(key, now)

  const current = [...(live ? [live] : []), ...rolling]
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
    containers,
    failed: failed.flat(),
    demand,
    specs: await specsOf(ports, app, current, others),
    labels: new Map(current.map(({ version, manifest }) => [version, labelsOf(ports.keys, key, manifest)])),
  }
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
