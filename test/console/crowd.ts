import type { AuditEntry, VersionDraft } from '../../control/model.ts'
import { makeFolder, storePath } from '../../platforms/local/state-folder.ts'
import { openStore, type SqliteStore } from '../../platforms/local/store/store.ts'
import { type FunctionSpecInput, Manifest } from '../../protocol/manifest.ts'
import { FLEET, populate } from './fleet.ts'
import { DAY_MS, History } from './history.ts'

/** What there is of each. */
export const CROWD = { apps: 200, versions: 500, calls: 10_000, containers: 1_000, lines: 20_000 } as const

const FUNCTIONS = Array.from({ length: 10 }, (_, i) => `encode${i}`)
/** Containers of one function: of the version before, which drains, and of the live one. */
const POOLS = { outdated: 25, live: 75 } as const
/** Never due while a test runs. */
const NEVER = { type: 'cron', expression: '0 6 29 2 *', timezone: 'UTC' } as const

/** An app of which there is one of each, to compare with. */
export const LONE = 'app-001'

/**
 * Fills a state folder, before a control plane starts on it, by the same operations of the store that a control plane
 * would have used. The containers have no processes: the last that was heard of each lies a day ahead, so nobody
 * misses them, and each pool is as large as it is to be at least, so nobody lets them go.
 */
export async function crowd(dir: string): Promise<void> {
  makeFolder(dir)
  const store = openStore(storePath(dir))
  // A power cut may cost what a test made.
  store.database.connection.exec('pragma synchronous = off')
  try {
    const history = new History(Date.now() - 2 * DAY_MS)
    for (let i = 1; i < CROWD.apps; i++)
      await deploySmall(store, history, `app-${String(i).padStart(3, '0')}`)
    for (let i = 1; i < CROWD.versions; i++) await deploy(store, history, fleetDraft(history))
    const sizes = { ...CROWD, functions: FUNCTIONS, pools: POOLS }
    await populate({ dir, store, history, sizes }, () => deploy(store, history, fleetDraft(history)))
  } finally {
    store.close()
  }
}

async function deploySmall(store: SqliteStore, history: History, app: string): Promise<void> {
  await deploy(
    store,
    history,
    draft(history, app, { work: {}, page: { kind: 'web' }, nightly: { kind: 'scheduled', schedule: NEVER } }),
    new Map([[`${app}-page`, 'page']]),
  )
}

function fleetDraft(history: History): VersionDraft {
  const spec = { minContainers: POOLS.live, maxContainers: POOLS.live, startupTimeout: 3600, timeout: 86_400 }
  return draft(history, FLEET, Object.fromEntries(FUNCTIONS.map((name) => [name, spec])))
}

function draft(
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

async function deploy(
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
