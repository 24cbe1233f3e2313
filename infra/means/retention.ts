import { DAY_MS } from '../../protocol/retention.ts'
import type { Context } from '../context.ts'
import type { Means } from './means.ts'

/** What the operator has chosen to keep; see control/retention.ts. */
export function retention({
  keepVersions,
  keepVersionDays,
  keepStoppedDays,
  keepUnusedDays,
}: Context): Means {
  const chosen = {
    versions: keepVersions,
    versionMs: keepVersionDays * DAY_MS,
    stoppedMs: keepStoppedDays * DAY_MS,
    blobMs: keepUnusedDays * DAY_MS,
  }
  return { settings: { retention: JSON.stringify(chosen) } }
}
