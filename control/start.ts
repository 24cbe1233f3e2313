import { blobsOf } from '../protocol/contents.ts'
import { SluiceError } from '../protocol/errors.ts'
import { type AppKey, appLabel } from '../protocol/names.ts'
import { missingBlobs } from './blobs.ts'
import { findApp } from './find.ts'
import { historyOf } from './history.ts'
import type { App, Version } from './model.ts'
import type { Needs } from './ports.ts'
import { repeat } from './rollback.ts'

export interface Start {
  key: AppKey
  reason?: string | undefined
  by: string
  client?: string | undefined
}

/**
 * Brings a stopped app back, as a new version of the one that was live last.
 * @throws SluiceError `app_not_stopped`; `version_conflict` where somebody else was faster or nothing ever went live;
 * `blob_missing` where its files are gone
 */
export async function start(
  ports: Needs<'blobs' | 'clock' | 'ids' | 'keys' | 'store' | 'worklist'>,
  { key, ...request }: Start,
): Promise<Version> {
  const app = await findApp(ports, key)
  if (app.state !== 'stopped') throw notStopped(app)
  if (app.leaseUntil !== undefined) throw wasEphemeral(app)
  const source = await lastLive(ports, app)
  await refuseWithoutFiles(ports, source)
  return repeat(ports, source, 'start', { ...request, strategy: 'rolling' }, app.lastVersion)
}

function notStopped(app: App): SluiceError {
  const name = appLabel(app)
  return new SluiceError(
    'app_not_stopped',
    app.state === 'stopping'
      ? `${name} is still stopping: what it ran has its grace to finish. Start it once \`sluice app describe ${name}\` says that it is stopped.`
      : `${name} is deployed already. To have it in fresh containers, use \`sluice app rollover ${name}\`.`,
  )
}

function wasEphemeral(app: App): SluiceError {
  const name = appLabel(app)
  return new SluiceError(
    'app_stopped',
    `${name} was only being tried out, and is over. Run \`sluice serve\` again, or deploy it to stay.`,
  )
}

/** Of versions, only later ones go live. */
async function lastLive(ports: Needs<'store'>, app: App): Promise<Version> {
  for await (const version of historyOf(ports, app)) if (version.liveAt !== undefined) return version
  throw new SluiceError(
    'version_conflict',
    `${appLabel(app)} has no version that was ever live. Deploy it instead.`,
  )
}

/** What stopped apps of a deleted environment were made of is collected, though there be one of its name again. */
async function refuseWithoutFiles(ports: Needs<'blobs' | 'clock' | 'store'>, source: Version): Promise<void> {
  const missing = await missingBlobs(ports, blobsOf(source.manifest))
  if (missing.length === 0) return
  throw new SluiceError(
    'blob_missing',
    `The files of ${appLabel(source)} were removed when its environment was deleted. Deploy it again.`,
  )
}
