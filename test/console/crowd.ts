import type { VersionDraft } from '../../control/model.ts'
import { makeFolder, storePath } from '../../platforms/local/state-folder.ts'
import { openStore } from '../../platforms/local/store/store.ts'
import { deploy, deploySmall, draft } from './deploys.ts'
import { FLEET, populate } from './fleet.ts'
import { DAY_MS, History } from './history.ts'

/** What there is of each. */
export const CROWD = { apps: 200, versions: 500, calls: 10_000, containers: 1_000, lines: 20_000 } as const

const FUNCTIONS = Array.from({ length: 10 }, (_, i) => `encode${i}`)
/** Containers of one function: of the version before, which drains, and of the live one. */
const POOLS = { outdated: 25, live: 75 } as const

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

function fleetDraft(history: History): VersionDraft {
  const spec = { minContainers: POOLS.live, maxContainers: POOLS.live, startupTimeout: 3600, timeout: 86_400 }
  return draft(history, FLEET, Object.fromEntries(FUNCTIONS.map((name) => [name, spec])))
}
