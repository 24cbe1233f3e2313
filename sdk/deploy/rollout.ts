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
  /** Which program deploys, such as `sluice-cli/0.1.0`. */
  client: string
}

/** Makes a new version of what was uploaded; its rollout has begun when this returns. */
export async function announce(
  api: Api,
  { manifest, commit }: Prepared,
  { env, tag, strategy, ephemeral, client }: Announcement,
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
      ...(commit && { commit }),
    },
  })
}

/**
 * Waits for the end of the version's rollout.
 * @param onProgress told each time that something is known
 */
export async function follow(
  api: Api,
  begun: VersionView,
  onProgress: (version: VersionView) => void = () => {},
): Promise<VersionView> {
  let seen = begun
  while (seen.status === 'rolling') {
    onProgress(seen)
    seen = await api.send('getVersion', {
      params: { app: begun.app, version: begun.version },
      query: { env: begun.env, wait: MAX_WAIT_SECONDS },
    })
  }
  return seen
}
