import type { Commit, Strategy } from '../protocol/api.ts'
import type { EndedOverride } from '../protocol/autoscaler.ts'
import { blobsOf } from '../protocol/contents.ts'
import { SluiceError } from '../protocol/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { auditEntry } from './audit.ts'
import { missingBlobs } from './blobs.ts'
import { environmentNotFound, requireEnvironment } from './environments.ts'
import { labelsOf, labelTaken, stagedLabelsOf } from './labels.ts'
import { keepAlive, refuseOtherKind } from './lease.ts'
import { manifestHash } from './manifest-hash.ts'
import { type AuditEntry, keyOf, type Version, type VersionDraft } from './model.ts'
import { endedOverrides } from './overrides.ts'
import { UNSEEN_MS } from './policy.ts'
import type { Needs } from './ports.ts'
import { deletedMeanwhile, haveSameSecrets, newestSecrets, type SecretVersions } from './secret-pins.ts'
import { newestStaged, refuseStaging } from './staging.ts'

/** So many others may deploy at the same time as one who stages. */
const OVERTAKEN_TRIES = 50

export interface Deploy {
  key: AppKey
  manifest: Manifest
  by: string
  client?: string | undefined
  tag?: string | undefined
  commit?: Commit | undefined
  strategy: Strategy
  /** For how long the app is to live unless it is kept alive; unless given, it stays. */
  ephemeral?: { seconds: number } | undefined
  staged?: boolean | undefined
  expectVersion?: number | undefined
}

/**
 * Writes down that the app shall have a new version, and has the rollout begin.
 * @returns the version; the live one, `unchanged`, where the manifest is what serves already; or what is staged already.
 * @throws SluiceError where the manifest is wrong, a blob is missing, a label is taken or the app has moved on.
 */
export async function deploy(
  ports: Needs<'blobs' | 'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  request: Deploy,
): Promise<{ version: Version; unchanged: boolean; ended: EndedOverride[] }> {
  const { key, manifest } = request
  refuseForeign(key, manifest)
  await requireEnvironment(ports, key.env)
  const secretVersions = await newestSecrets(ports, key.env, manifest)
  const hash = manifestHash(ports.keys, manifest)
  const app = await ports.store.app(key)
  refuseOtherKind(app, request.ephemeral !== undefined)
  const live = app?.liveVersion === undefined ? undefined : await ports.store.version(key, app.liveVersion)
  const expectedAnother = request.expectVersion !== undefined && request.expectVersion !== app?.lastVersion
  if (live && !expectedAnother && (await isServed(ports, live, { hash, secretVersions }))) {
    if (request.ephemeral) await keepAlive(ports, key, request.ephemeral.seconds)
    return { version: live, unchanged: true, ended: [] }
  }
  const staged = request.staged && app && (await newestStaged(ports, app))
  if (staged && !expectedAnother && isSame(staged, { hash, secretVersions }))
    return { version: staged, unchanged: true, ended: [] }
  if (request.staged) await refuseStaging(ports, key, manifest, app)
  await refuseMissingBlobs(ports, manifest, live?.manifest)
  const version = await begin(
    ports,
    {
      ...keyOf(key),
      origin: 'deploy',
      strategy: request.strategy,
      client: request.client ?? 'api',
      deployedBy: request.by,
      deployedAt: ports.clock.now(),
      manifest,
      manifestHash: hash,
      ...(request.ephemeral && { leaseUntil: ports.clock.now() + request.ephemeral.seconds * 1000 }),
      ...(secretVersions && { secretVersions }),
      ...(request.staged && { staged: true }),
      ...(request.tag !== undefined && { tag: request.tag }),
      ...(request.commit !== undefined && { commit: request.commit }),
    },
    request.expectVersion,
  )
  return { version, unchanged: false, ended: app && !request.staged ? endedOverrides(app, version) : [] }
}

/** Whether a deploy of what has this hash, with these secrets, would change nothing. */
export async function isServed(ports: Needs<'store'>, live: Version, content: Content): Promise<boolean> {
  return isSame(live, content) && (await ports.store.rollingVersions(live)).length === 0
}

/** What makes two versions the same. */
interface Content {
  hash: string
  secretVersions: SecretVersions
}

function isSame(version: Version, { hash, secretVersions }: Content): boolean {
  return version.manifestHash === hash && haveSameSecrets(version.secretVersions, secretVersions)
}

/** Gives the draft a number and hands the app to the reconciler. */
export async function begin(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  draft: VersionDraft,
  expectVersion?: number,
): Promise<Version> {
  if (draft.staged && expectVersion === undefined) return beginStaged(ports, draft)
  const labels = labelsFor(ports, draft, expectVersion)
  // Whoever dies after the next line, and before it is said that there is work, must not leave it unseen.
  await ports.worklist.add(keyOf(draft), draft.deployedAt + UNSEEN_MS)
  const begun = await ports.store.beginVersion(draft, labels, expectVersion, begunEntry(ports, draft))
  switch (begun.kind) {
    case 'begun':
      await ports.store.durable()
      await ports.worklist.add(keyOf(draft))
      return begun.version
    case 'conflict':
      throw new SluiceError(
        'version_conflict',
        `${appLabel(draft)} is at v${begun.lastVersion}, not v${expectVersion}: somebody else deployed. Look at its history, then deploy again.`,
      )
    case 'label_taken':
      throw labelTaken(begun, labels.get(begun.label))
    case 'no_environment':
      throw environmentNotFound(draft.env)
    case 'secret_gone':
      throw deletedMeanwhile(draft, begun.secret)
  }
}

/** A staged version's addresses hold its number, which therefore must be known before. */
async function beginStaged(ports: Parameters<typeof begin>[0], draft: VersionDraft): Promise<Version> {
  for (let tries = 1; ; tries++) {
    const app = await ports.store.app(draft)
    try {
      return await begin(ports, draft, app?.lastVersion ?? 0)
    } catch (error) {
      const isOvertaken = error instanceof SluiceError && error.code === 'version_conflict'
      if (!isOvertaken || tries === OVERTAKEN_TRIES) throw error
    }
  }
}

function labelsFor(
  { keys }: Needs<'keys'>,
  draft: VersionDraft,
  expectVersion: number | undefined,
): Map<string, string> {
  return draft.staged
    ? stagedLabelsOf(keys, draft, draft.manifest, (expectVersion ?? 0) + 1)
    : labelsOf(keys, draft, draft.manifest)
}

function begunEntry(ports: Needs<'clock' | 'ids'>, draft: VersionDraft): AuditEntry {
  const from = draft.fromVersion === undefined ? '' : ` of v${draft.fromVersion}`
  return auditEntry(ports, {
    ...keyOf(draft),
    action: 'version.begun',
    by: draft.deployedBy,
    client: draft.client,
    ...(draft.reason !== undefined && { reason: draft.reason }),
    after: `${draft.origin}${from}`,
  })
}

/** What the schema cannot say. */
export function refuseForeign(key: AppKey, manifest: Manifest): void {
  if (manifest.app === key.app) return
  const message = `is "${manifest.app}", but the address names "${key.app}"`
  throw new SluiceError('invalid_manifest', `manifest.app ${message}.`, [{ path: 'manifest.app', message }])
}

/** What the live version refers to was there when it was deployed, and is kept for as long as it lives. */
async function refuseMissingBlobs(
  ports: Needs<'blobs' | 'clock' | 'store'>,
  manifest: Manifest,
  live: Manifest | undefined,
): Promise<void> {
  const known = new Set(live ? blobsOf(live) : [])
  const missing = await missingBlobs(
    ports,
    blobsOf(manifest).filter((hash) => !known.has(hash)),
  )
  if (missing.length > 0) {
    throw new SluiceError(
      'blob_missing',
      `${missing.length} file${missing.length === 1 ? ' has' : 's have'} not been uploaded, the first being ${missing[0]}. Ask POST /v1/blobs/missing where to put them, then deploy again.`,
    )
  }
}
