import type { AppKey } from '../protocol/names.ts'
import type { App, AuditEntry } from './model.ts'

export interface CollectionStore {
  /** Forgets a version that has ended; false if it is live, staged or on its way. */
  removeVersion(key: AppKey, version: number, entry: AuditEntry): Promise<boolean>
  /** Notes when there may be something of the app to collect, unless it has changed since it was read. */
  collectLater(app: App, at: number | undefined): Promise<void>
  /** From now on the app is known by its last version's number alone; false unless it has been stopped since then. */
  markCollected(key: AppKey, stoppedAt: number, at: number, entry: AuditEntry): Promise<boolean>
  /** Forgets what is left of a collected app; void once it is deployed again. */
  forgetApp(key: AppKey): Promise<void>
  /** Contents that are to be removed unless somebody asks for them before. */
  condemned(): Promise<Condemned | undefined>
  /** Void while others are. */
  condemn(hashes: string[], at: number): Promise<void>
  /** Takes these off the list; false while what is on it is being removed. */
  reprieve(hashes: string[], at: number): Promise<boolean>
  /**
   * Those that are still on the list, for whoever removes them until then; undefined where another one does, or the list
   * is not that of `condemnedAt`.
   */
  beginRemoval(condemnedAt: number, at: number, until: number): Promise<string[] | undefined>
  endRemoval(condemnedAt: number): Promise<void>
}

export interface Condemned {
  hashes: string[]
  at: number
}
