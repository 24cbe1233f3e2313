import type { Strategy, VersionView } from '../../protocol/api.ts'
import type { Api } from '../api.ts'
import { DeployFault } from './fault.ts'
import { clientName } from './package.ts'
import { prepare } from './prepare.ts'
import { announce, follow } from './rollout.ts'
import { upload } from './upload.ts'

export interface DeployOptions {
  /** The app's file; the one that made the app, unless given. */
  entry?: string
  env?: string
  tag?: string
  strategy?: Strategy
  /** Whether it is only to be looked at, until somebody promotes it. */
  staged?: boolean
}

/**
 * Deploys an app's file from a program, as `sluice deploy` does from a terminal.
 * @returns the version that is live, or staged, or that was superseded by a newer one before it could be
 * @throws DeployFault where the file is no app, or its version did not become live
 */
export async function deployFile({
  api,
  entry,
  ...options
}: DeployOptions & { api: Api; entry: string }): Promise<VersionView> {
  const env = options.env ?? api.config.env
  const prepared = await prepare(entry)
  await upload(api, prepared.contents, env)
  const announced = await announce(api, prepared, { ...options, env, client: clientName('sdk') })
  const version = await follow(api, announced)
  if (version.status !== 'failed') return version
  throw new DeployFault(failureOf(version), version.error?.logs.join('\n'))
}

function failureOf({ app, version, error }: VersionView): string {
  return `v${version} of ${app} did not become live: ${error?.message ?? 'its rollout failed'}`
}
