import { SluiceError } from '../protocol/errors.ts'
import { DEFAULT_ENV } from '../protocol/names.ts'
import { auditEntry } from './audit.ts'
import { type EnvironmentChange, findEnvironment } from './environments.ts'
import type { App } from './model.ts'
import type { Needs } from './ports.ts'
import type { Environment, SecretVersion } from './secret-model.ts'
import { removeSecretVersion } from './secret-remains.ts'
import { deleteSecret } from './secrets.ts'

const PAGE = 100
/** Whoever began to write a version of a secret is done by then, or dead. */
const WRITING_MS = 60_000
/** Apps that a refusal names. */
const NAMED = 3

/**
 * Deletes an environment that has no app at work, and its secrets with it. Asked for again, it goes on where it ended.
 * @throws SluiceError `environment_in_use`
 */
export async function deleteEnvironment(
  ports: Needs<'clock' | 'ids' | 'secrets' | 'store'>,
  { name, by, client }: EnvironmentChange,
): Promise<Environment> {
  if (name === DEFAULT_ENV) {
    throw new SluiceError('environment_in_use', `The environment "${DEFAULT_ENV}" is always there.`)
  }
  const environment = await findEnvironment(ports, name)
  // From here on no version begins there, so what is not at work now will not be.
  await ports.store.closeEnvironment(name, true)
  const apps = await appsAtWork(ports, name)
  if (apps.length > 0) {
    await ports.store.closeEnvironment(name, false)
    throw inUse(name, apps)
  }
  for (const secret of await allSecrets(ports, name)) {
    await deleteSecret(ports, { key: { env: name, name: secret }, force: true, by, client })
  }
  await removeRemains(ports, name)
  const entry = auditEntry(ports, { env: name, action: 'environment.deleted', by, ...(client && { client }) })
  if (!(await ports.store.removeEnvironment(name, entry))) throw inUse(name, [])
  await ports.store.durable()
  return { ...environment, isClosed: true }
}

/** What is left of secrets whose writing or deletion died midway: without their environment, nobody looks for it. */
async function removeRemains(ports: Needs<'clock' | 'secrets' | 'store'>, env: string): Promise<void> {
  const latest = ports.clock.now() - WRITING_MS
  const versions = await ports.store.allSecretVersions(env)
  const isOpen = ({ written, isDeleted, begunAt }: SecretVersion) => (written ? !isDeleted : begunAt > latest)
  if (versions.some(isOpen)) throw inUse(env, [])
  for (const version of versions) await removeSecretVersion(ports, version)
}

async function appsAtWork({ store }: Needs<'store'>, env: string): Promise<App[]> {
  const apps: App[] = []
  let cursor: string | undefined
  do {
    const page = await store.apps(env, { cursor, limit: PAGE })
    apps.push(...page.items.filter(({ state }) => state !== 'stopped'))
    cursor = page.cursor
  } while (cursor !== undefined)
  return apps
}

async function allSecrets({ store }: Needs<'store'>, env: string): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await store.secrets(env, { cursor, limit: PAGE })
    names.push(...page.items.map(({ name }) => name))
    cursor = page.cursor
  } while (cursor !== undefined)
  return names
}

function inUse(name: string, apps: App[]): SluiceError {
  const named = apps.slice(0, NAMED).map(({ app, state }) => `${app} (${state})`)
  const more = apps.length > NAMED ? ` and ${apps.length - NAMED} more` : ''
  const why =
    apps.length === 0
      ? 'somebody is about to use it. Try again in a minute.'
      : `it has ${named.join(', ')}${more}. Stop its apps first, with \`sluice app stop NAME --env ${name}\`.`
  return new SluiceError('environment_in_use', `The environment "${name}" cannot be deleted: ${why}`)
}
