import { secretsOf } from '../protocol/contents.ts'
import { type FieldError, SluiceError } from '../protocol/errors.ts'
import type { FunctionSpec, Manifest } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { own } from '../protocol/own.ts'
import type { Container, Version } from './model.ts'
import type { Needs, Secrets } from './ports.ts'
import type { Secret } from './secret-model.ts'
import { creating } from './secrets.ts'

/** Which version of each secret: absent where no function names one. */
export type SecretVersions = Record<string, number> | undefined

/** The newest version of each secret that the manifest names, and each place that names one that there is not. */
export async function lookUpSecrets(
  { store }: Needs<'store'>,
  env: string,
  manifest: Manifest,
): Promise<{ versions: SecretVersions; faults: FieldError[]; missing: string[] }> {
  const names = secretsOf(manifest)
  const found = (await Promise.all(names.map((name) => store.secret({ env, name })))).filter(isThere)
  const versions = Object.fromEntries(found.map(({ name, version }) => [name, version]))
  const missing = names.filter((name) => !Object.hasOwn(versions, name))
  return {
    versions: found.length > 0 ? versions : undefined,
    missing,
    faults: missing.length > 0 ? faultsOf(env, manifest, missing) : [],
  }
}

/** The newest version of each secret that the manifest names. @throws SluiceError `invalid_manifest` where there is none */
export async function newestSecrets(
  ports: Needs<'store'>,
  env: string,
  manifest: Manifest,
): Promise<SecretVersions> {
  const { versions, faults } = await lookUpSecrets(ports, env, manifest)
  const [first] = faults
  if (first) throw new SluiceError('invalid_manifest', `${first.path} ${first.message}`, faults)
  return versions
}

/** As `newestSecrets`, for a version that is there already. @throws SluiceError `secret_gone` */
export async function newestSecretsOf(ports: Needs<'store'>, version: Version): Promise<SecretVersions> {
  const { env, manifest } = version
  const { versions, missing } = await lookUpSecrets(ports, env, manifest)
  const [gone] = missing
  if (gone === undefined) return versions
  throw new SluiceError(
    'secret_gone',
    `v${version.version} of ${appLabel(version)} needs the secret "${gone}", which was deleted. Create it again with ${creating({ env, name: gone })}.`,
  )
}

/** The secrets that a version was deployed with. @throws SluiceError `secret_gone` where one was deleted since */
export async function secretsPinnedBy(ports: Needs<'store'>, version: Version): Promise<SecretVersions> {
  const { env, secretVersions } = version
  for (const [name, number] of Object.entries(secretVersions ?? {})) {
    const kept = await ports.store.secretVersion({ env, name, version: number })
    if (kept?.written && !kept.isDeleted) continue
    throw new SluiceError(
      'secret_gone',
      `v${version.version} of ${appLabel(version)} was deployed with version ${number} of the secret "${name}", which was deleted. Create the secret again with ${creating({ env, name })}, and deploy the app instead.`,
    )
  }
  return secretVersions
}

/** The refusal of a version that was about to begin with the secret. */
export const deletedMeanwhile = ({ env, app }: AppKey, name: string): SluiceError =>
  new SluiceError(
    'secret_gone',
    `The secret "${name}", which ${appLabel({ env, app })} needs, was deleted in this moment. Create it again with ${creating({ env, name })}, then ask again.`,
  )

export const haveSameSecrets = (one: SecretVersions, other: SecretVersions): boolean =>
  secretsMark(one) === secretsMark(other)

/** Equal for equal ones. */
export function secretsMark(versions: SecretVersions): string {
  const pairs = Object.entries(versions ?? {}).map(([name, version]) => `${name}:${version}`)
  return pairs.sort().join()
}

/**
 * The variables that a container gets from its function's secrets; those of a later secret win.
 * @throws SluiceError `secret_gone`, after it was noted why the container cannot start
 */
export async function containerSecrets(
  ports: Needs<'store'> & { secrets: Pick<Secrets, 'get'> },
  { id }: Container,
  { env, secretVersions = {} }: Version,
  { secrets: names = [] }: Partial<Pick<FunctionSpec, 'secrets'>>,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const version = own(secretVersions, name)
    const found = version === undefined ? undefined : await ports.secrets.get({ env, name, version })
    if (!found) {
      const message = `The secret "${name}" (version ${version ?? 'unknown'}) of environment "${env}" was deleted, so the function cannot start. Create it again with ${creating({ env, name })}, then use \`sluice app rollover\`.`
      await ports.store.containerFailed(id, { kind: 'start', message, logs: [] })
      throw new SluiceError('secret_gone', message)
    }
    Object.assign(values, found)
  }
  return values
}

const isThere = (secret: Secret | undefined): secret is Secret => secret !== undefined

function faultsOf(env: string, manifest: Manifest, missing: string[]): FieldError[] {
  return Object.entries(manifest.functions).flatMap(([name, { secrets = [] }]) =>
    secrets.flatMap((secret, i) =>
      missing.includes(secret)
        ? [{ path: `manifest.functions.${name}.secrets.${i}`, message: absent(env, secret) }]
        : [],
    ),
  )
}

const absent = (env: string, name: string): string =>
  `names the secret "${name}", which environment "${env}" does not have. Create it with ${creating({ env, name })}.`
