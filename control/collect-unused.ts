import { DEFAULT_ENV } from '../protocol/names.ts'
import { type BlobsCollected, type CollectBlobsPorts, collectBlobs } from './collect-blobs.ts'
import type { Needs } from './ports.ts'
import { removeSecretVersion, unneededSecretVersions } from './secret-remains.ts'

export type CollectUnusedPorts = CollectBlobsPorts & Needs<'secrets'>

export interface UnusedCollected {
  blobs: BlobsCollected
  /** Versions of secrets that were removed now. */
  secrets: number
}

/** What a deploy that goes on may be about to pin is younger. */
const SECRET_GRACE_MS = 86_400_000

/** Removes contents and versions of secrets that nothing needs any more; with `dryRun` only says how many those are. */
export async function collectUnused(
  ports: CollectUnusedPorts,
  { dryRun } = { dryRun: false },
): Promise<UnusedCollected> {
  const environments = await environmentNames(ports)
  let secrets = 0
  for (const env of environments) secrets += await collectSecrets(ports, env, dryRun)
  return { blobs: await collectBlobs(ports, environments, { dryRun }), secrets }
}

async function collectSecrets(ports: CollectUnusedPorts, env: string, dryRun: boolean): Promise<number> {
  const unneeded = await unneededSecretVersions(ports, env, ports.clock.now() - SECRET_GRACE_MS)
  if (!dryRun) for (const version of unneeded) await removeSecretVersion(ports, version)
  return unneeded.length
}

async function environmentNames({ store }: Needs<'store'>): Promise<string[]> {
  const made = await store.environments()
  return [DEFAULT_ENV, ...made.map(({ name }) => name)]
}
