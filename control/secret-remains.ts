import type { Needs } from './ports.ts'
import type { SecretKey, SecretRef, SecretVersion } from './secret-model.ts'

/** Removes the values of a version, then the record that there were any: whoever dies in between does it again. */
export async function removeSecretVersion(
  ports: Needs<'secrets' | 'store'>,
  { env, name, version }: SecretRef,
): Promise<void> {
  const ref = { env, name, version }
  await ports.secrets.remove(ref)
  await ports.store.forgetSecretVersion(ref)
}

/** What is left of a secret that was deleted. */
export async function removeDeleted(ports: Needs<'secrets' | 'store'>, key: SecretKey): Promise<void> {
  for (const version of await ports.store.secretVersions(key))
    if (version.isDeleted) await removeSecretVersion(ports, version)
}

/**
 * The versions of an environment's secrets that nothing needs any more: those of deleted secrets, those that were begun
 * and not written, and those that a newer one has taken the place of and no version of an app was deployed with.
 * @param before milliseconds since the epoch: what was begun later may be about to be needed
 */
export async function unneededSecretVersions(
  { store }: Needs<'store'>,
  env: string,
  before: number,
): Promise<SecretVersion[]> {
  const versions = (await store.allSecretVersions(env)).filter(({ begunAt }) => begunAt < before)
  const pins = await store.secretPins(env)
  const needing = pins.filter(({ status }) => status !== 'failed')
  const pinned = new Set(needing.map(({ secret, secretVersion }) => `${secret} ${secretVersion}`))
  return versions.filter(
    ({ name, version, written, isDeleted, isNewest }) =>
      isDeleted || !written || (!isNewest && !pinned.has(`${name} ${version}`)),
  )
}
