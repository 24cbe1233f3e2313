import { DAY_MS, type Retention } from '../protocol/retention.ts'
import type { Version } from './model.ts'

/** After a deploy, an app's history is looked at within a day, however many deploys there are. */
export function collectAtAfter(
  app: { collectAt?: number | undefined } | undefined,
  deployedAt: number,
): number {
  return Math.min(app?.collectAt ?? Number.POSITIVE_INFINITY, deployedAt + DAY_MS)
}

/** When a stopped app goes: what was only tried out is of no use to anybody. */
export function collectableAt(
  { stoppedAt = 0, leaseUntil }: { stoppedAt?: number; leaseUntil?: number },
  { stoppedMs }: Pick<Retention, 'stoppedMs'>,
): number {
  return leaseUntil === undefined ? stoppedAt + stoppedMs : stoppedAt
}

/** Whether a version is kept, and why, in words that go on from "v7 ". */
export interface Fate {
  version: Version
  keep: boolean
  why: string
  /** When age alone will no longer keep it. */
  until?: number
}

export interface InUse {
  /** Versions that calls wait for, or containers run. */
  running: ReadonlySet<number>
  /** What a rollback without a number would go to. */
  lastGood: number | undefined
}

/** Decides on each version of an app's history, which is given newest first. */
export function fates(history: Version[], inUse: InUse, retention: Retention, now: number): Fate[] {
  return history.map((version, place): Fate => {
    const reason = reasonToKeep(version, place, inUse, retention)
    if (reason !== undefined) return { version, keep: true, why: reason }
    const until = version.deployedAt + retention.versionMs
    return until > now
      ? { version, keep: true, why: `is kept until ${new Date(until).toISOString()}`, until }
      : {
          version,
          keep: false,
          why: `is older than the last ${retention.versions} and than ${inDays(retention.versionMs)}`,
        }
  })
}

function reasonToKeep(
  { version, status, tag }: Version,
  place: number,
  { running, lastGood }: InUse,
  { versions }: Retention,
): string | undefined {
  if (status === 'live') return 'is live'
  if (status === 'rolling') return 'is on its way'
  if (status === 'staged') return 'is staged'
  if (running.has(version)) return 'still has calls or containers'
  if (version === lastGood) return 'is what a rollback would go to'
  if (tag !== undefined) return `is tagged ${tag}`
  return place < versions ? `is among the last ${versions}` : undefined
}

export function inDays(ms: number): string {
  const days = Math.round(ms / DAY_MS)
  return days === 1 ? '1 day' : `${days} days`
}
