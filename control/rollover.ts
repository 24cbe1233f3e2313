import { findLive } from './find.ts'
import type { Version } from './model.ts'
import type { Needs } from './ports.ts'
import { type Rollback, repeat } from './rollback.ts'

/** The live version again, in fresh containers. */
export async function rollover(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  request: Omit<Rollback, 'version' | 'tag'>,
): Promise<Version> {
  return repeat(ports, await findLive(ports, request.key), 'rollover', request)
}
