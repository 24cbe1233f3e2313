import { appLabel } from '../protocol/names.ts'
import { auditEntry, ITSELF } from './audit.ts'
import { historyOf } from './history.ts'
import { type App, keyOf, type Version } from './model.ts'
import type { Needs } from './ports.ts'
import { type Fate, fates, inDays } from './retention.ts'
import { lastGood } from './rollback.ts'

export type CollectPorts = Needs<'clock' | 'ids' | 'logs' | 'queue' | 'retention' | 'store'>

/** Removes what of the app is of no use any more: versions of one that is deployed, or all of one that stopped long ago. */
export async function collectDue(ports: CollectPorts, app: App): Promise<void> {
  await (app.state === 'deployed' ? collectVersions(ports, app) : collectApp(ports, app))
}

/** Forgets versions that nothing needs. @returns what became of each, newest first */
export async function collectVersions(ports: CollectPorts, app: App): Promise<Fate[]> {
  const judged = await judge(ports, app)
  for (const { keep, version, why } of judged) {
    if (!keep) await ports.store.removeVersion(app, version.version, collected(ports, version, why))
  }
  const next = judged.flatMap(({ until }) => until ?? [])
  await ports.store.collectLater(app, next.length > 0 ? Math.min(...next) : undefined)
  return judged
}

/** What would become of each of the app's versions now. */
export async function judge(ports: Needs<'clock' | 'retention' | 'store'>, app: App): Promise<Fate[]> {
  const now = ports.clock.now()
  const demand = await ports.store.demand(app, now)
  const containers = await ports.store.containers(app)
  const history: Version[] = []
  for await (const version of historyOf(ports, app)) history.push(version)
  const running = new Set([
    ...demand.flatMap(({ pin }) => pin ?? []),
    ...containers.map(({ version }) => version),
  ])
  const live = history.find(({ status }) => status === 'live')
  const good = live && (await lastGood(ports, live))
  return fates(history, { running, lastGood: good?.version }, ports.retention, now)
}

function collected(ports: CollectPorts, { env, app, version }: Version, why: string) {
  return auditEntry(ports, {
    env,
    app,
    version,
    action: 'version.collected',
    by: ITSELF,
    reason: `v${version} ${why}`,
  })
}

/**
 * Leaves nothing of a stopped app but its last number. The mark comes first: from then on it can no longer be started,
 * and whoever finds it removes the rest.
 * @param by who asked for it; nobody where its time is over
 */
export async function collectApp(ports: CollectPorts, app: App, by?: string): Promise<boolean> {
  const key = keyOf(app)
  const at = ports.clock.now()
  if (app.collectedAt === undefined) {
    const who = by === undefined ? { by: ITSELF, reason: reasonFor(ports, app) } : { by }
    const entry = auditEntry(ports, { ...key, action: 'app.collected', ...who })
    if (!(await ports.store.markCollected(key, app.stoppedAt ?? 0, at, entry))) return false
  }
  await ports.logs.remove(key)
  await ports.queue.remove(key)
  await ports.store.forgetApp(key)
  return true
}

/** Why a stopped app goes, in words that go on from its name. */
function reasonFor({ retention }: Needs<'retention'>, app: App): string {
  if (app.leaseUntil !== undefined) return `${appLabel(app)} was only being tried out`
  return `${appLabel(app)} has been stopped for more than ${inDays(retention.stoppedMs)}`
}
