import { SluiceError } from '../protocol/errors.ts'
import { DEFAULT_ENV } from '../protocol/names.ts'
import { nearest } from '../protocol/nearest.ts'
import { auditEntry } from './audit.ts'
import { requireEnvironment } from './environments.ts'
import type { AuditEntry } from './model.ts'
import type { Needs } from './ports.ts'
import {
  needsSecret,
  type Secret,
  type SecretKey,
  type SecretPin,
  type SecretVersion,
} from './secret-model.ts'
import { removeDeleted, removeSecretVersion } from './secret-remains.ts'

const NAMES_TO_COMPARE = 200
/** Versions of apps that a refusal names. */
const NAMED = 3

export interface WriteSecret {
  key: SecretKey
  variables: Record<string, string>
  /** Whether there may be one already, of which this becomes a new version. */
  force: boolean
  by: string
  client?: string | undefined
}

/**
 * Writes a version of a secret: first its number, then its values, then that it is the newest. Whoever dies in between
 * leaves a version that nobody refers to.
 */
export async function writeSecret(
  ports: Needs<'clock' | 'ids' | 'secrets' | 'store'>,
  { key, variables, force, by, client }: WriteSecret,
): Promise<Secret> {
  await requireEnvironment(ports, key.env)
  const before = await ports.store.secret(key)
  if (before && !force) throw exists(before)
  const version = await ports.store.beginSecret(key, ports.clock.now())
  const ref = { ...key, version }
  await ports.secrets.put(ref, variables)
  const secret = { ...ref, variables: Object.keys(variables), writtenAt: ports.clock.now(), writtenBy: by }
  const entry = changeOf(ports, key, 'secret.written', { by, client })
  const after = { ...entry, after: `version ${version}: ${secret.variables.join(', ')}` }
  if (!(await ports.store.writeSecret(secret, { force, entry: after }))) {
    await removeSecretVersion(ports, ref)
    throw exists((await ports.store.secret(key)) ?? { ...secret, version: version + 1 })
  }
  await ports.store.durable()
  return secret
}

export interface DeleteSecret {
  key: SecretKey
  /** Whether it may go though versions of apps need it. */
  force: boolean
  by: string
  client?: string | undefined
}

/** Deletes a secret with all its versions. @throws SluiceError `secret_in_use` where versions of apps pin one */
export async function deleteSecret(
  ports: Needs<'clock' | 'ids' | 'secrets' | 'store'>,
  { key, force, by, client }: DeleteSecret,
): Promise<Secret> {
  const secret = await findSecret(ports, key)
  const entry = changeOf(ports, key, 'secret.deleted', { by, client })
  const outcome = await ports.store.deleteSecret(key, { force, entry })
  if (outcome === 'needed') throw inUse(secret, await pinsOf(ports, key))
  await ports.store.durable()
  await removeDeleted(ports, key)
  return secret
}

export interface SecretDescription {
  secret: Secret
  versions: SecretVersion[]
  pins: SecretPin[]
}

/** A secret, its versions, and which versions of apps were deployed with them. */
export async function describeSecret(ports: Needs<'store'>, key: SecretKey): Promise<SecretDescription> {
  const secret = await findSecret(ports, key)
  const versions = await ports.store.secretVersions(key)
  const written = versions.filter((version) => version.written && !version.isDeleted)
  return { secret, versions: written, pins: await pinsOf(ports, key) }
}

/** @throws SluiceError `secret_not_found`, with the nearest name there is. */
export async function findSecret(ports: Needs<'store'>, key: SecretKey): Promise<Secret> {
  const secret = await ports.store.secret(key)
  if (secret) return secret
  const { items } = await ports.store.secrets(key.env, { limit: NAMES_TO_COMPARE })
  const near = nearest(
    key.name,
    items.map(({ name }) => name),
  )
  const hint = near
    ? `Did you mean "${near}"?`
    : `See \`sluice secret list${optionFor(key.env)}\` for those there are.`
  throw new SluiceError(
    'secret_not_found',
    `There is no secret "${key.name}" in environment "${key.env}". ${hint}`,
  )
}

/** What to type to make a secret. */
export const creating = ({ env, name }: SecretKey): string =>
  `\`sluice secret create ${name} KEY=VALUE${optionFor(env)}\``

const optionFor = (env: string): string => (env === DEFAULT_ENV ? '' : ` --env ${env}`)

async function pinsOf(ports: Needs<'store'>, { env, name }: SecretKey): Promise<SecretPin[]> {
  const pins = await ports.store.secretPins(env)
  return pins.filter((pin) => pin.secret === name && needsSecret(pin))
}

function changeOf(
  ports: Needs<'clock' | 'ids'>,
  { env, name }: SecretKey,
  action: 'secret.written' | 'secret.deleted',
  { by, client }: { by: string; client: string | undefined },
): AuditEntry {
  return auditEntry(ports, {
    env,
    action,
    by,
    subject: name,
    ...(client !== undefined && { client }),
  })
}

function exists({ env, name, version, writtenBy }: Secret): SluiceError {
  return new SluiceError(
    'secret_exists',
    `The environment "${env}" has a secret "${name}" already (version ${version}, by ${writtenBy}). Use --force to write a new version of it.`,
  )
}

function inUse({ env, name }: Secret, pins: SecretPin[]): SluiceError {
  const what = `The secret "${name}" of environment "${env}"`
  if (pins.length === 0) {
    const message = `${what} was needed by a deploy within the last minute. Try again in a minute, or use --force to delete it all the same.`
    return new SluiceError('secret_in_use', message)
  }
  const named = pins.slice(0, NAMED).map(({ app, version, status }) => `v${version} of ${app} (${status})`)
  const more = pins.length > NAMED ? ` and ${pins.length - NAMED} more` : ''
  return new SluiceError(
    'secret_in_use',
    `${what} is needed by ${named.join(', ')}${more}. They could not start, or be rolled back to, without it. Use --force to delete it all the same.`,
  )
}
