import type { AuditEntry, VersionDraft } from '../../control/model.ts'
import type { SqliteStore } from '../../platforms/local/store/store.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'
import type { History } from './history.ts'

/** Never due while a test runs. */
const NEVER = { type: 'cron', expression: '0 6 29 2 *', timezone: 'UTC' } as const

/** One function of each kind. */
export async function deploySmall(store: SqliteStore, history: History, app: string): Promise<void> {
  await deploy(
    store,
    history,
    draft(history, app, { work: {}, page: { kind: 'web' }, nightly: { kind: 'scheduled', schedule: NEVER } }),
    new Map([[`${app}-page`, 'page']]),
  )
}

/** What a deploy of an app with these functions writes down. */
export function draft(
  history: History,
  app: string,
  functions: Record<string, Partial<FunctionSpecInput>>,
): VersionDraft {
  const specs = Object.entries(functions).map(([name, spec]) => [name, { kind: 'plain', ...spec }])
  const manifest = Manifest.parse({
    app,
    bundle: { code: { path: 'app.mjs', sha256: '0'.repeat(64), size: 1 } },
    functions: Object.fromEntries(specs),
  })
  const at = history.pass()
  return {
    env: 'main',
    app,
    origin: 'deploy',
    strategy: 'rolling',
    client: 'sluice/0.1.0',
    deployedBy: 'ann',
    deployedAt: at,
    tag: `build-${at}`,
    commit: { hash: at.toString(16).padStart(40, '0'), branch: 'main', dirty: false, author: 'Ann Author' },
    manifest,
    manifestHash: `${app}-${at}`,
  }
}

/** Has a version gone live, by the same operations of the store that a control plane would have used. */
export async function deploy(
  store: SqliteStore,
  history: History,
  of: VersionDraft,
  labels = new Map<string, string>(),
): Promise<number> {
  const entry = (action: AuditEntry['action'], version?: number): AuditEntry => ({
    id: history.id('au'),
    env: of.env,
    app: of.app,
    at: history.now(),
    action,
    by: of.deployedBy,
    client: of.client,
    ...(version !== undefined && { version }),
  })
  const begun = await store.beginVersion(of, labels, undefined, entry('version.begun'))
  if (begun.kind !== 'begun') throw new Error(`${of.app} could not be deployed: ${begun.kind}`)
  const { version } = begun.version
  for (const step of ['prepare', 'cutover', 'drain'] as const)
    await store.recordStep(of, version, { step, state: 'done', at: new Date(history.pass()).toISOString() })
  await store.cutOver(of, version, history.pass(), entry('version.live', version))
  for (const [name, { schedule }] of Object.entries(of.manifest.functions)) {
    if (!schedule) continue
    const wanted = { function: name, schedule, anchor: history.now(), phases: [] }
    await store.setSchedule(of, version, wanted)
  }
  await store.settle(of, { version, stagings: 0 }, [...labels.keys()])
  return version
}
