import type { CollectedItem } from '../protocol/collection.ts'
import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { type CollectPorts, collectApp, collectVersions, judge } from './collect.ts'
import { findApp } from './find.ts'
import type { App } from './model.ts'
import type { Page, Paged } from './paging.ts'
import { collectableAt, type Fate } from './retention.ts'

/** Does now, for a page of an environment's apps, what is done by itself once it is due; or only says what that is. */
export async function collectApps(
  ports: CollectPorts,
  { env, page, dryRun }: { env: string; page: Page; dryRun: boolean },
): Promise<Paged<CollectedItem>> {
  const { items: apps, cursor } = await ports.store.apps(env, page)
  const items: CollectedItem[] = []
  for (const app of apps) {
    items.push(...(await (app.state === 'deployed' ? versionItems : appItems)(ports, app, dryRun)))
  }
  return { items, ...(cursor !== undefined && { cursor }) }
}

async function versionItems(ports: CollectPorts, app: App, dryRun: boolean): Promise<CollectedItem[]> {
  const fates = await (dryRun ? judge(ports, app) : collectVersions(ports, app))
  return fates.map(({ version, keep, why }: Fate) => ({
    env: app.env,
    app: app.app,
    version: version.version,
    keep,
    why,
  }))
}

async function appItems(ports: CollectPorts, app: App, dryRun: boolean): Promise<CollectedItem[]> {
  const until = collectableAt(app, ports.retention)
  const isDue = app.state === 'stopped' && until <= ports.clock.now()
  const isGone = isDue && (dryRun || (await collectApp(ports, app)))
  const when = new Date(until).toISOString()
  const why = isGone
    ? 'has been stopped for long enough'
    : `is ${app.state}, and can be started until ${when}`
  return [{ env: app.env, app: app.app, keep: !isGone, why }]
}

/**
 * Leaves nothing of a stopped app, though it could still be started again.
 * @throws SluiceError where it is not stopped
 */
export async function collectStoppedApp(
  ports: CollectPorts,
  { key, by, dryRun }: { key: AppKey; by: string; dryRun: boolean },
): Promise<CollectedItem> {
  const app = await findApp(ports, key)
  if (app.state !== 'stopped' || !(dryRun || (await collectApp(ports, app, by)))) {
    throw new SluiceError(
      'app_not_stopped',
      `${appLabel(key)} is ${app.state}. Only a stopped app can be removed: \`sluice app stop ${appLabel(key)}\` first, and wait until nothing of it runs.`,
    )
  }
  return { ...key, keep: false, why: 'is stopped' }
}
