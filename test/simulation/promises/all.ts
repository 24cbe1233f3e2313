import type { SqliteStore } from '../../../platforms/local/store/store.ts'
import { CALL_PROMISES } from './calls.ts'
import { CONTAINER_PROMISES } from './containers.ts'
import { VERSION_PROMISES } from './versions.ts'

/** What the promises ask of the world outside of the store. */
export interface Outside {
  /** Whether requests are sent to a container of a version before this one, at the address of what is live. */
  isOlderReached(version: number): boolean
  /** Whether requests are sent to the container. */
  isReached(containerId: string): boolean
  wasLaunched(containerId: string): boolean
}

/** What must always hold of what is stored: the very write that breaks a promise is refused, and seen. */
export function watchOver({ database }: SqliteStore, outside: Outside): void {
  const { connection } = database
  connection.function('is_older_reached', (version) => Number(outside.isOlderReached(Number(version))))
  connection.function('is_reached', (id) => Number(outside.isReached(String(id))))
  connection.function('was_launched', (id) => Number(outside.wasLaunched(String(id))))
  connection.exec([...CALL_PROMISES, ...VERSION_PROMISES, ...CONTAINER_PROMISES].join('\n'))
}
