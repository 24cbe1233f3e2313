import type { AppKey } from '../protocol/names.ts'
import { auditEntry } from './audit.ts'
import { findVersion } from './find.ts'
import { keyOf, type Version } from './model.ts'
import { UNSEEN_MS } from './policy.ts'
import type { Needs } from './ports.ts'
import { findStaged } from './promote.ts'

export interface Unstage {
  key: AppKey
  version: number
  by: string
  client?: string | undefined
  reason?: string | undefined
}

/**
 * Gives up a staged version: its addresses go, its containers finish what they do.
 * @throws SluiceError where it is not staged
 */
export async function unstage(
  ports: Needs<'clock' | 'ids' | 'store' | 'worklist'>,
  { key, version: number, by, client, reason }: Unstage,
): Promise<Version> {
  const version = await findStaged(ports, key, number)
  // Whoever dies before it is said that there is work must not leave it unseen.
  await ports.worklist.add(keyOf(key), ports.clock.now() + UNSEEN_MS)
  const entry = auditEntry(ports, {
    ...keyOf(key),
    action: 'version.superseded',
    version: number,
    by,
    ...(client !== undefined && { client }),
    reason: reason ?? 'it was given up',
    before: version.status,
  })
  await ports.store.endRollout(key, number, { status: 'superseded' }, entry)
  await ports.store.durable()
  await ports.worklist.add(keyOf(key))
  return findVersion(ports, key, number)
}
