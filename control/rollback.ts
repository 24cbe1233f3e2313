import type { Origin, Strategy } from '../protocol/api.ts'
import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { begin } from './deploy.ts'
import { findLive, findVersion } from './find.ts'
import { historyOf } from './history.ts'
import { keyOf, type Version, type VersionDraft } from './model.ts'
import type { Needs } from './ports.ts'
import { newestSecretsOf, secretsMark, secretsPinnedBy } from './secret-pins.ts'

export interface Rollback {
  key: AppKey
  version?: number | undefined
  /** Instead of a number: the newest version with this tag that was live before. */
  tag?: string | undefined
  strategy: Strategy
  reason?: string | undefined
  by: string
  client?: string | undefined
}

/**
 * Deploys an older version's whole manifest under a new number. Without a version: the last healthy one that was not
 * itself rolled back from.
 */
export async function rollback(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  request: Rollback,
): Promise<Version> {
  const { target } = await rollbackTarget(ports, request.key, request)
  return repeat(ports, target, 'rollback', request)
}

/** @throws SluiceError where the app is not deployed, or cannot go back there. */
export async function rollbackTarget(
  ports: Needs<'store'>,
  key: AppKey,
  { version, tag }: Pick<Rollback, 'version' | 'tag'>,
): Promise<{ live: Version; target: Version }> {
  if (version !== undefined && tag !== undefined) {
    const message = 'is not to be given beside a version'
    throw new SluiceError('invalid_request', `tag ${message}.`, [{ path: 'tag', message }])
  }
  const live = await findLive(ports, key)
  const target =
    version !== undefined
      ? await findVersion(ports, key, version)
      : tag !== undefined
        ? await tagged(ports, live, tag)
        : await lastGood(ports, live)
  if (!target) throw nothingGood(live)
  if (target.version === live.version) {
    throw new SluiceError('version_conflict', `v${live.version} is live already. Name an earlier version.`)
  }
  if (target.liveAt === undefined) {
    const next = target.status === 'staged' ? '`sluice app promote` makes it so;' : 'Name one that did;'
    throw new SluiceError(
      'version_conflict',
      `v${target.version} of ${appLabel(key)} never went live (it is ${target.status}). ${next} see \`sluice app history ${appLabel(key)}\`.`,
    )
  }
  return { live, target }
}

/** A new version of what another one was made of; a rollover takes the newest secrets. */
export async function repeat(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  source: Version,
  origin: Exclude<Origin, 'deploy'>,
  request: Omit<Rollback, 'key' | 'version' | 'tag'> & { automatic?: true; insteadOf?: number },
  expectVersion?: number,
): Promise<Version> {
  const secretVersions =
    origin === 'rollover' ? await newestSecretsOf(ports, source) : await secretsPinnedBy(ports, source)
  const draft: VersionDraft = {
    ...keyOf(source),
    origin,
    fromVersion: source.version,
    strategy: request.strategy,
    client: request.client ?? 'api',
    deployedBy: request.by,
    deployedAt: ports.clock.now(),
    manifest: source.manifest,
    manifestHash: source.manifestHash,
    ...(secretVersions && { secretVersions }),
    ...(request.automatic && { automatic: true }),
    ...(request.insteadOf !== undefined && { insteadOf: request.insteadOf }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...(source.tag !== undefined && { tag: source.tag }),
    ...(source.commit !== undefined && { commit: source.commit }),
  }
  return begin(ports, draft, expectVersion)
}

/**
 * The newest healthy version that was not rolled back from, if any: walks the history down from the live one. Versions of
 * equal content are judged by the newest of them: what was rolled back from is not returned to under an older number,
 * unless somebody has put it live again since.
 */
export async function lastGood(ports: Needs<'store'>, live: Version): Promise<Version | undefined> {
  const judged = new Set([contentOf(live)])
  const rolledBackFrom = new Set<number>()
  for await (const version of historyOf(ports, live)) {
    if (version.liveAt === undefined) continue
    if (version.origin === 'rollback' && version.replaced !== undefined) rolledBackFrom.add(version.replaced)
    if (judged.has(contentOf(version))) continue
    if (!rolledBackFrom.has(version.version)) return version
    judged.add(contentOf(version))
  }
  return undefined
}

/** The newest version with the tag that was live. */
async function tagged(ports: Needs<'store'>, live: Version, tag: string): Promise<Version> {
  for await (const version of historyOf(ports, live)) {
    if (version.tag === tag && version.liveAt !== undefined) return version
  }
  throw new SluiceError(
    'version_not_found',
    `No version of ${appLabel(live)} that was live is tagged "${tag}". See \`sluice app history ${appLabel(live)}\`.`,
  )
}

function nothingGood(live: Version): SluiceError {
  return new SluiceError(
    'nothing_to_roll_back_to',
    `${appLabel(live)} has no earlier version that was healthy and was not rolled back from. Name one to go to it all the same.`,
  )
}

/** Equal for versions that do the same: other secrets are another content. */
const contentOf = ({ manifestHash, secretVersions }: Version): string =>
  `${manifestHash} ${secretsMark(secretVersions)}`
