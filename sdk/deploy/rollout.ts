import type { Strategy, VersionView } from '../../protocol/api.ts'
import { MAX_WAIT_SECONDS } from '../../protocol/limits.ts'
import type { Api } from '../api.ts'
import type { Prepared } from './prepare.ts'

export interface Announcement {
  env?: string | undefined
  tag?: string | undefined
  strategy?: Strategy | undefined
  /** For how long the app is to live unless it is kept alive. */
  ephemeral?: { seconds: number } | undefined
  staged?: boolean | undefined
  /** Which program deploys, such as `sluice-cli/0.1.0`. */
  client: string
}

/** Makes a new version of what was uploaded; its rollout has begun when this returns. */
export async function announce(
  api: Api,
  { manifest, commit }: Prepared,
  { env, tag, strategy, staged, ephemeral, client }: Announcement,
): Promise<VersionView> {
  return api.send('deploy', {
    params: { app: manifest.app },
    query: { env },
    body: {
      manifest,
      client,
      ...(tag !== undefined && { tag }),
      ...(strategy !== undefined && { strategy }),
      ...(ephemeral && { ephemeral }),
      ...(staged && { staged }),
      ...(commit && { commit }),
    },
  })
}

/**
 * Waits for the end of the version's rollout: where it is staged, until it can be reached.
 * @param onProgress told each time that something is known
 */
export async function follow(
  api: Api,
  begun: VersionView,
  onProgress: (version: VersionView) => void = () => {},
): Promise<VersionView> {
  let seen = begun
  while (isUnderWay(seen)) {
    onProgress(seen)
    seen = await api.send('getVersion', {
      params: { app: begun.app, version: begun.version },
      query: { env: begun.env, wait: MAX_WAIT_SECONDS },
    })
  }
  return seen
}

function isUnderWay({ status, rollout }: VersionView): boolean {
  const isPrepared = rollout.some(({ step, state }) => step === 'prepare' && state !== 'running')
  return status === 'rolling' || (status === 'staged' && !isPrepared)
}
