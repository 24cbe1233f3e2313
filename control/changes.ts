import type { Difference, Drain } from '../protocol/changes.ts'
import { type FieldError, SluiceError } from '../protocol/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { isServed, refuseForeign } from './deploy.ts'
import { type Deployment, difference } from './difference.ts'
import { requireEnvironment } from './environments.ts'
import { findApp, findLive, findVersion } from './find.ts'
import { labelsOf } from './labels.ts'
import { manifestHash } from './manifest-hash.ts'
import { type App, type Container, keyOf, type Version } from './model.ts'
import { endingsOf, outlasting, overridden } from './overrides.ts'
import { isActive } from './pools.ts'
import type { Needs } from './ports.ts'
import { type Rollback, rollbackTarget } from './rollback.ts'
import { lookUpSecrets } from './secret-pins.ts'

export interface DeployPlan {
  live?: Version
  /** The number that a deploy would get. */
  version: number
  unchanged: boolean
  difference: Difference
  /** Why a deploy would be refused. */
  faults: FieldError[]
  drain: Drain
}

/** What a deploy of the manifest would change. Changes nothing. */
export async function planDeploy(
  ports: Needs<'keys' | 'store'>,
  key: AppKey,
  manifest: Manifest,
): Promise<DeployPlan> {
  refuseForeign(key, manifest)
  await requireEnvironment(ports, key.env)
  const app = await ports.store.app(key)
  const live = app?.liveVersion === undefined ? undefined : await ports.store.version(key, app.liveVersion)
  const left = outlasting(app?.autoscaler, endingsOf({ origin: 'deploy', manifest }))
  const secrets = await lookUpSecrets(ports, key.env, manifest)
  const wanted = { hash: manifestHash(ports.keys, manifest), secretVersions: secrets.versions }
  const unchanged = live !== undefined && (await isServed(ports, live, wanted))
  return {
    ...(live && { live }),
    version: (app?.lastVersion ?? 0) + 1,
    unchanged,
    difference: difference(live && inForce(app, live), {
      manifest: overridden(manifest, left),
      secretVersions: secrets.versions,
    }),
    faults: [...(await labelFaults(ports, key, manifest)), ...secrets.faults],
    drain: unchanged ? NOTHING : await expectedDrain(ports, key),
  }
}

export interface Comparison {
  from: Version
  to: Version
  difference: Difference
}

/** What differs between two versions; to the live one, unless another is named. */
export async function compareVersions(
  ports: Needs<'store'>,
  key: AppKey,
  { from, to }: { from: number; to?: number | undefined },
): Promise<Comparison> {
  const { env, app } = await findApp(ports, key)
  const before = await findVersion(ports, { env, app }, from)
  const after = to === undefined ? await findLive(ports, key) : await findVersion(ports, key, to)
  return { from: before, to: after, difference: difference(before, after) }
}

/** Where a rollback would go, and what it would change. */
export async function previewRollback(
  ports: Needs<'store'>,
  key: AppKey,
  to: Pick<Rollback, 'version' | 'tag'>,
): Promise<Comparison & { drain: Drain }> {
  const { live, target } = await rollbackTarget(ports, key, to)
  const app = await findApp(ports, key)
  const left = outlasting(app.autoscaler, endingsOf({ ...target, origin: 'rollback' }))
  return {
    from: live,
    to: target,
    difference: difference(inForce(app, live), { ...target, manifest: overridden(target.manifest, left) }),
    drain: await expectedDrain(ports, key),
  }
}

/** The live version as it is run now. */
const inForce = (app: App | undefined, live: Version): Deployment => ({
  ...live,
  manifest: overridden(live.manifest, app?.autoscaler),
})

const NOTHING: Drain = { containers: 0, calls: 0, requests: 0 }

/** What now takes work would be outdated by a cutover. */
async function expectedDrain(ports: Needs<'store'>, key: AppKey): Promise<Drain> {
  const active = (await ports.store.containers(key)).filter(isActive)
  const sum = (of: (container: Container) => number) =>
    active.reduce((total, container) => total + of(container), 0)
  return {
    containers: active.length,
    calls: sum(({ running }) => running),
    requests: sum(({ requests }) => requests),
  }
}

/** Addresses that belong to others, or would to two functions. */
async function labelFaults(
  ports: Needs<'keys' | 'store'>,
  key: AppKey,
  manifest: Manifest,
): Promise<FieldError[]> {
  const labels = labelsOrFaults(ports, key, manifest)
  if (Array.isArray(labels)) return labels
  const faults: FieldError[] = []
  for (const [label, name] of labels) {
    const owner = await ports.store.label(label)
    if (!owner || appLabel(owner) === appLabel(key)) continue
    faults.push({
      path: `manifest.functions.${name}.label`,
      message: `"${label}" is the address of ${appLabel(owner)}'s ${owner.function}`,
    })
  }
  return faults
}

function labelsOrFaults(
  { keys }: Needs<'keys'>,
  key: AppKey,
  manifest: Manifest,
): Map<string, string> | FieldError[] {
  try {
    return labelsOf(keys, keyOf(key), manifest)
  } catch (error) {
    if (error instanceof SluiceError && error.fields) return error.fields
    throw error
  }
}
