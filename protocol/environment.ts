/** The environment variables of a container, written and read here only. */

export interface RunnerEnvironment {
  /** Base address of the control plane, as the container reaches it. */
  apiUrl: string
  containerId: string
  /** Opens the runtime API for this container, and calls within its environment. */
  token: string
  /** The container's root: mounts appear below it, and it is the author's working directory. */
  root: string
  /** Where web functions listen: an address, and a port or 0 for any free one. */
  host: string
  port: number
  /** MiB that the container may use. Whoever launches it may be older than the runner, and not say so. */
  memory?: number | undefined
}

export function toVariables(environment: RunnerEnvironment): Record<string, string> {
  return {
    SLUICE_URL: environment.apiUrl,
    SLUICE_CONTAINER_ID: environment.containerId,
    SLUICE_TOKEN: environment.token,
    SLUICE_ROOT: environment.root,
    SLUICE_HOST: environment.host,
    SLUICE_PORT: String(environment.port),
    ...(environment.memory !== undefined && { SLUICE_MEMORY: String(environment.memory) }),
  }
}

/** @throws Error naming every variable that is missing. */
export function fromVariables(variables: Record<string, string | undefined>): RunnerEnvironment {
  const names = [
    'SLUICE_URL',
    'SLUICE_CONTAINER_ID',
    'SLUICE_TOKEN',
    'SLUICE_ROOT',
    'SLUICE_HOST',
    'SLUICE_PORT',
  ]
  const missing = names.filter((name) => !variables[name])
  if (missing.length > 0) throw new Error(`The runner needs ${missing.join(', ')} in its environment`)
  return {
    apiUrl: variables.SLUICE_URL ?? '',
    containerId: variables.SLUICE_CONTAINER_ID ?? '',
    token: variables.SLUICE_TOKEN ?? '',
    root: variables.SLUICE_ROOT ?? '',
    host: variables.SLUICE_HOST ?? '',
    port: Number(variables.SLUICE_PORT),
    ...(variables.SLUICE_MEMORY && { memory: Number(variables.SLUICE_MEMORY) }),
  }
}

/** What the author's code may read about itself. */
export function authorVariables(identity: {
  env: string
  app: string
  function: string
  version: number
}): Record<string, string> {
  return {
    SLUICE_ENV: identity.env,
    SLUICE_APP: identity.app,
    SLUICE_FUNCTION: identity.function,
    SLUICE_VERSION: String(identity.version),
  }
}
