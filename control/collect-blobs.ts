import { blobsOf } from '../protocol/contents.ts'
import type { Needs } from './ports.ts'

export type CollectBlobsPorts = Needs<'blobs' | 'clock' | 'retention' | 'store'>

export interface BlobsCollected {
  /** Removed now. */
  removed: number
  /** To be removed by a later run, unless they are used until then. */
  condemned: { count: number; bytes: number }
}

const PAGE = 100
/** Their list fits one record of 400 KB. */
const MOST_CONDEMNED = 4_000
/** Longer than a request that has looked whether a content is there can take to refer to it. */
const GRACE_MS = 3_600_000
/** Whoever removes contents is done by then, or dead; no request of it is on its way any more. */
const REMOVAL_MS = 120_000

/**
 * Removes contents that no version refers to, in two runs: the first condemns what is old and not referred to, a later
 * one removes what still is not. In between, whoever is told that a content is there has it struck off the list. So a
 * deploy that goes on meanwhile either refers to it before the second look, or has saved it.
 */
export async function collectBlobs(
  ports: CollectBlobsPorts,
  environments: string[],
  { dryRun } = { dryRun: false },
): Promise<BlobsCollected> {
  const before = await ports.store.condemned()
  const used = await usedBlobs(ports, environments)
  const removed = before && !dryRun ? await remove(ports, before.at, used) : 0
  const unused = await unusedBlobs(ports, used)
  if (!dryRun && unused.length > 0) {
    const hashes = unused.map(({ hash }) => hash)
    await ports.store.condemn(hashes, ports.clock.now())
  }
  return {
    removed,
    condemned: { count: unused.length, bytes: unused.reduce((sum, { bytes }) => sum + bytes, 0) },
  }
}

async function remove(
  ports: CollectBlobsPorts,
  condemnedAt: number,
  used: ReadonlySet<string>,
): Promise<number> {
  const now = ports.clock.now()
  if (now < condemnedAt + Math.min(GRACE_MS, ports.retention.blobMs)) return 0
  const doomed = await ports.store.beginRemoval(condemnedAt, now, now + REMOVAL_MS)
  if (!doomed) return 0
  const gone = doomed.filter((hash) => !used.has(hash))
  await ports.blobs.remove(gone)
  await ports.store.endRemoval(condemnedAt)
  return gone.length
}

/** Arguments and results of calls are referred to by calls only, so age alone keeps those. */
async function unusedBlobs(ports: CollectBlobsPorts, used: ReadonlySet<string>) {
  const latest = ports.clock.now() - ports.retention.blobMs
  const unused: { hash: string; bytes: number }[] = []
  let cursor: string | undefined
  do {
    const page = await ports.blobs.list(cursor)
    unused.push(...page.items.filter(({ hash, at }) => at <= latest && !used.has(hash)))
    cursor = page.cursor
  } while (cursor !== undefined && unused.length < MOST_CONDEMNED)
  return unused.slice(0, MOST_CONDEMNED)
}

/** Every content that a version refers to. */
async function usedBlobs(ports: CollectBlobsPorts, environments: string[]): Promise<ReadonlySet<string>> {
  const used = new Set<string>()
  for (const env of environments) {
    for await (const app of everyApp(ports, env)) {
      let cursor: string | undefined
      do {
        const page = await ports.store.versions(app, { cursor, limit: PAGE })
        for (const { manifest } of page.items) for (const hash of blobsOf(manifest)) used.add(hash)
        cursor = page.cursor
      } while (cursor !== undefined)
    }
  }
  return used
}

async function* everyApp({ store }: Needs<'store'>, env: string) {
  let cursor: string | undefined
  do {
    const page = await store.apps(env, { cursor, limit: PAGE })
    yield* page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}
