import { Api } from '../sdk/api.ts'
import { readConfig } from '../sdk/config.ts'
import { packageRoot } from '../sdk/deploy/package.ts'
import type { CommonOptions, EnvOption } from './conventions.ts'

/**
 * The control plane that is meant.
 * @param near folders to look near for a local platform, besides the working directory and this package's own
 */
export function connect({ url, profile, env }: CommonOptions & EnvOption, near: string[] = []): Api {
  const given = { ...(url && { url }), ...(profile && { profile }), ...(env && { env }) }
  const config = readConfig(given, [process.cwd(), ...near, packageRoot()])
  return new Api(config, { eager: true })
}
