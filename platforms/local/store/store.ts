import type { Store } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { appStore } from './apps.ts'
import { auditStore } from './audit.ts'
import { autoscalerStore } from './autoscaler.ts'
import { callStore } from './calls.ts'
import { collectionStore } from './collection.ts'
import { containerStore } from './containers.ts'
import { Database } from './database.ts'
import { environmentStore } from './environments.ts'
import { answeringOnceSettled } from './group-commit.ts'
import { leaseStore } from './leases.ts'
import { noticeStore } from './notices.ts'
import { collectionTimes, forgetPast } from './past.ts'
import { scheduleStore } from './schedules.ts'
import { secretStore } from './secrets.ts'
import { tokenStore } from './tokens.ts'
import { unsettledApps } from './unsettled.ts'
import { usageStore } from './usage.ts'

export interface SqliteStore extends Store {
  database: Database
  /** The same operations, each of which answers at once: for whoever tells nobody of it before `database.commits` have settled. */
  early: Store
  /** See unsettled.ts. */
  unsettledApps(): AppKey[]
  /** See past.ts. */
  forgetPast(before: number): Promise<void>
  collectionTimes(stoppedMs: number): (AppKey & { at: number })[]
  close(): void
}

/**
 * The store in one SQLite file, or in memory for `:memory:`.
 * @throws DatabaseInUse where another control plane has the file open.
 */
export function openStore(path: string): SqliteStore {
  const database = new Database(path)
  // Web requests that waited did so in a process that is gone.
  database.run('delete from waiting')
  const operations: Store = {
    ...appStore(database),
    ...autoscalerStore(database),
    ...leaseStore(database),
    ...containerStore(database),
    ...callStore(database),
    ...usageStore(database),
    ...tokenStore(database),
    ...scheduleStore(database),
    ...auditStore(database),
    ...environmentStore(database),
    ...secretStore(database),
    ...collectionStore(database),
    ...noticeStore(database),
    durable: () => database.durable(),
  }
  return {
    ...answeringOnceSettled(database.commits, operations),
    early: operations,
    unsettledApps: () => unsettledApps(database),
    forgetPast: (before) => forgetPast(database, before),
    collectionTimes: (stoppedMs) => collectionTimes(database, stoppedMs),
    database,
    close: () => database.close(),
  }
}
