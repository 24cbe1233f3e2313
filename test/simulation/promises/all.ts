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
  /** An input is on its way to a container, under this lease, since then by what is written. */
  claimed(lease: string, since: number): void
  /** Whether it was sent a moment ago only, and the container is there to take it. */
  isOnItsWay(containerId: string, lease: string): boolean
  /** Whether there is an address or a schedule. */
  isLeftOver(): boolean
  now(): number
  /** By how much the readings of clocks differ at most. */
  clockErrorMs: number
}

/** What must always hold of what is stored: the very write that breaks a promise is refused, and seen. */
export function watchOver({ database }: SqliteStore, outside: Outside): void {
  const { connection } = database
  connection.function('is_older_reached', (version) => Number(outside.isOlderReached(Number(version))))
  connection.function('is_reached', (id) => Number(outside.isReached(String(id))))
  connection.function('was_launched', (id) => Number(outside.wasLaunched(String(id))))
  connection.function('claimed', (lease, since) => {
    outside.claimed(String(lease), Number(since))
    return 0
  })
  connection.function('is_on_its_way', (id, lease) => Number(outside.isOnItsWay(String(id), String(lease))))
  connection.function('is_left_over', () => Number(outside.isLeftOver()))
  connection.function('now_ms', () => outside.now())
  connection.function('clock_error_ms', () => outside.clockErrorMs)
  connection.exec([...CALL_PROMISES, ...VERSION_PROMISES, ...CONTAINER_PROMISES].join('\n'))
}
