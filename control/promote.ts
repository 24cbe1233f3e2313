import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { findApp, findVersion } from './find.ts'
import type { App, Version } from './model.ts'
import type { Needs } from './ports.ts'
import { type Rollback, repeat } from './rollback.ts'
import { sentence } from './sentence.ts'

/**
 * Makes a staged version live, under a new number and in containers of its own. Without a version: the newest that was
 * staged since the live one went live.
 * @throws SluiceError where there is none, or the version is not staged (any more)
 */
export async function promote(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  request: Rollback,
): Promise<Version> {
  const { key, version } = request
  const source = await findStaged(ports, key, version ?? newestStaged(await findApp(ports, key)))
  return repeat(ports, source, 'promote', request)
}

/** @throws SluiceError where there is no such version, or what it is instead of staged */
export async function findStaged(ports: Needs<'store'>, key: AppKey, number: number): Promise<Version> {
  const version = await findVersion(ports, key, number)
  if (version.status === 'staged') return version
  throw new SluiceError('version_conflict', `v${number} of ${appLabel(key)} ${insteadOfStaged(version)}`)
}

function newestStaged(app: App): number {
  const { staged = [], liveVersion = 0 } = app
  const newest = staged.at(-1)
  if (newest === undefined) {
    throw new SluiceError(
      'nothing_to_promote',
      `${appLabel(app)} has no staged version. Make one with \`sluice deploy --staged\`.`,
    )
  }
  if (newest > liveVersion) return newest
  throw new SluiceError(
    'version_conflict',
    `v${newest} of ${appLabel(app)} was staged before v${liveVersion}, which is live. Name it to promote it all the same.`,
  )
}

function insteadOfStaged({ status, error, staged, liveAt }: Version): string {
  switch (status) {
    case 'live':
      return 'is live already.'
    case 'rolling':
      return 'is on its way to be live already.'
    case 'failed':
      return `failed: ${sentence(error?.message.split('\n')[0] ?? 'its rollout did not succeed')} Deploy it anew.`
    default:
      if (liveAt !== undefined) return 'was live before. `sluice app rollback` makes it live again.'
      return staged
        ? 'is staged no more: it was promoted or given up.'
        : 'was overtaken by another one, and never staged. Deploy it anew.'
  }
}
