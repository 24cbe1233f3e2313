import { SluiceError } from '../protocol/errors.ts'
import { DEFAULT_ENV } from '../protocol/names.ts'
import { nearest } from '../protocol/nearest.ts'
import { auditEntry } from './audit.ts'
import type { Needs } from './ports.ts'
import type { Environment } from './secret-model.ts'

export interface EnvironmentChange {
  name: string
  by: string
  client?: string | undefined
}

/** @throws SluiceError where nothing can be deployed to the environment, nor secrets written in it. */
export async function requireEnvironment(ports: Needs<'store'>, name: string): Promise<void> {
  if (name === DEFAULT_ENV) return
  const environment = await findEnvironment(ports, name)
  if (environment.isClosed) throw beingDeleted(name)
}

/** @throws SluiceError `environment_not_found`, with the nearest name there is. */
export async function findEnvironment(ports: Needs<'store'>, name: string): Promise<Environment> {
  const environment = await ports.store.environment(name)
  if (environment) return environment
  const names = (await ports.store.environments()).map((other) => other.name)
  throw environmentNotFound(name, nearest(name, [...names, DEFAULT_ENV]))
}

export function environmentNotFound(name: string, near?: string): SluiceError {
  const hint = near === undefined ? '' : `Did you mean "${near}"? Otherwise create`
  return new SluiceError(
    'environment_not_found',
    `There is no environment "${name}". ${hint || 'Create'} it with \`sluice env create ${name}\`.`,
  )
}

/** @returns `unchanged` where it is there already. */
export async function createEnvironment(
  ports: Needs<'clock' | 'ids' | 'store'>,
  { name, by, client }: EnvironmentChange,
): Promise<{ environment: Environment | undefined; unchanged: boolean }> {
  if (name === DEFAULT_ENV) return { environment: undefined, unchanged: true }
  const environment = { name, createdAt: ports.clock.now(), createdBy: by, isClosed: false }
  const entry = auditEntry(ports, { env: name, action: 'environment.created', by, ...(client && { client }) })
  const isNew = await ports.store.createEnvironment(environment, entry)
  const found = isNew ? environment : await findEnvironment(ports, name)
  if (found.isClosed) throw beingDeleted(name)
  await ports.store.durable()
  return { environment: found, unchanged: !isNew }
}

function beingDeleted(name: string): SluiceError {
  return new SluiceError(
    'environment_deleting',
    `The environment "${name}" is being deleted. Finish that with \`sluice env delete ${name}\`, then create it anew.`,
  )
}
