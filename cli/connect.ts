import { Api } from '../sdk/api.ts'
import { readConfig } from '../sdk/config.ts'
import { packageRoot } from '../sdk/deploy/package.ts'
import type { CommonOptions, EnvOption } from './conventions.ts'

/**
 * The control plane that is meant.
 * @param near folders to look near for a local platform, besides the working directory and this package's own
 */
export function connect({ url, env }: CommonOptions & EnvOption, near: string[] = []): Api {
  const config = readConfig({ ...(url && { url }), ...(env && { env }) }, [
    process.cwd(),
    ...near,
    packageRoot(),
  ])
  return new Api(config, { eager: true })
}
