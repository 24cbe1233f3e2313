import type { Action } from './action.ts'
import type { Version } from './model.ts'
import type { Observation } from './observation.ts'
import { rolledBack } from './occasions.ts'
import { TOLD_MS, WATCH_EVERY_MS, WATCH_LAG_MS } from './policy.ts'
import type { Revisits } from './revisits.ts'
import { hasStep, reached } from './steps.ts'

/** Until when errors of the version count against it, where its author asked for that; undefined once that is decided. */
export function watchedUntil(version: Version): number | undefined {
  const policy = version.manifest.rollback
  const isDecided = hasStep(version, 'gate', 'done') || hasStep(version, 'gate', 'failed')
  // What was rolled back to is no worse than all there is.
  if (!policy || version.liveAt === undefined || version.automatic || isDecided) return undefined
  return version.liveAt + policy.window * 1000
}

/** Has a version that fails too often soon after it went live rolled back, once, and people told of it. */
export function watch(seen: Observation, later: Revisits): Action[] {
  return [...judge(seen, later), ...tell(seen)]
}

function judge({ live, rolling, usage, now }: Observation, later: Revisits): Action[] {
  const until = live && watchedUntil(live)
  if (!live || until === undefined || !usage) return []
  const newest = rolling.at(-1)
  // Whoever deploys meanwhile has the last word.
  const isFree = newest === undefined || newest.automatic
  const reason = faultOf(live, usage)
  if (reason !== undefined) return isFree ? [{ do: 'rollBack', version: live.version, reason }] : []
  // Containers report what they did after they did it.
  const end = until + WATCH_LAG_MS
  if (later.isDue(end)) return reached(live, 'gate', 'done')
  later.isDue(now + WATCH_EVERY_MS)
  return []
}

/** In words, why the version is not good enough. */
function faultOf(
  { manifest }: Version,
  { calls, errors }: { calls: number; errors: number },
): string | undefined {
  const { errorRate = 1, minCalls = 0 } = manifest.rollback ?? {}
  if (calls === 0 || calls < minCalls || errors / calls <= errorRate) return undefined
  return `${errors} of ${calls} calls and requests failed (${percent(errors / calls)}), and ${percent(errorRate)} may.`
}

/** For a while after: whoever rolled it back may have died before it was told. */
function tell({ live, rolling, now }: Observation): Action[] {
  const automatic = [...rolling, ...(live ? [live] : [])].filter((version) => version.automatic)
  return automatic
    .filter(({ deployedAt }) => now - deployedAt < TOLD_MS)
    .map((version) => ({ do: 'raise', notice: rolledBack(version) }))
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
