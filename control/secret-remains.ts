import type { Needs } from './ports.ts'
import { needsSecret, type SecretKey, type SecretRef, type SecretVersion } from './secret-model.ts'

/** Removes the values of a version, then the record that there were any: whoever dies in between does it again. */
export async function removeSecretVersion(
  ports: Needs<'secrets' | 'store'>,
  { env, name, version }: SecretRef,
): Promise<void> {
  const ref = { env, name, version }
  await ports.secrets.remove(ref)
  await ports.store.forgetSecretVersion(ref)
}

/** What is left of a secret that was deleted; but for what somebody may be about to write, which is then too late. */
export async function removeDeleted(ports: Needs<'secrets' | 'store'>, key: SecretKey): Promise<void> {
  for (const version of await ports.store.secretVersions(key))
    if (version.isDeleted && version.written) await removeSecretVersion(ports, version)
}

/**
 * The versions of an environment's secrets that nothing needs any more: those of deleted secrets, those that were begun
 * and not written, and those that a newer one has taken the place of and no version of an app was deployed with.
 * @param before milliseconds since the epoch: who began to write, or to deploy with what was the newest then, has ended
 */
export async function unneededSecretVersions(
  { store }: Needs<'store'>,
  env: string,
  before: number,
): Promise<SecretVersion[]> {
  const versions = await store.allSecretVersions(env)
  const needed = new Set(
    (await store.secretPins(env))
      .filter(needsSecret)
      .map(({ secret, secretVersion }) => `${secret} ${secretVersion}`),
  )
  return versions.filter((version) => {
    if (!version.written) return version.begunAt < before
    if (version.isDeleted) return true
    return replacedAt(version, versions) < before && !needed.has(`${version.name} ${version.version}`)
  })
}

/** When the version was no longer the newest; never for the one that is. */
function replacedAt({ name, version }: SecretVersion, all: SecretVersion[]): number {
  const later = all.flatMap((other) =>
    other.name === name && other.version > version && other.written ? other.written.writtenAt : [],
  )
  return Math.min(Number.POSITIVE_INFINITY, ...later)
}
