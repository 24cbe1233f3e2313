import type { App, Version, VersionDraft } from '../../../control/model.ts'
import { collectAtAfter } from '../../../control/retention.ts'
import type { BeginVersion, EndpointOwner } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { Database } from './database.ts'
import { isOpen } from './environments.ts'
import { writeLease } from './leases.ts'
import { versionRecord } from './rows.ts'
import { deletedAmong } from './secrets.ts'

const KEY = 'env = $env and app = $app'

export function beginVersion(
  db: Database,
  app: App | undefined,
  draft: VersionDraft,
  labels: Map<string, string>,
  expectVersion: number | undefined,
): BeginVersion {
  const lastVersion = app?.lastVersion ?? 0
  const { leaseUntil, insteadOf, ...rest } = draft
  const isOvertaken = insteadOf !== undefined && insteadOf !== app?.liveVersion
  if (isOvertaken || (expectVersion !== undefined && expectVersion !== lastVersion))
    return { kind: 'conflict', lastVersion }
  if (!isOpen(db, draft.env)) return { kind: 'no_environment' }
  const key = { env: draft.env, app: draft.app }
  for (const label of labels.keys()) {
    const owner = labelOwner(db, label)
    if (owner && (owner.env !== key.env || owner.app !== key.app))
      return { kind: 'label_taken', label, owner }
  }
  const gone = deletedAmong(db, draft)
  if (gone !== undefined) return { kind: 'secret_gone', secret: gone }
  for (const [label, name] of labels) {
    db.run('insert or replace into labels (label, env, app, function) values ($label, $env, $app, $name)', {
      ...key,
      label,
      name,
    })
  }
  const version: Version = {
    ...rest,
    version: lastVersion + 1,
    status: draft.staged ? 'staged' : 'rolling',
    steps: [],
    ...(app?.liveVersion !== undefined && { replaced: app.liveVersion }),
  }
  db.run(
    `insert into apps (env, app, state, last_version, created_at, collect_at)
       values ($env, $app, 'deployed', 1, $at, $collectAt)
     on conflict do update set state = 'deployed', last_version = last_version + 1, stopped_at = null,
       stop_deadline = null, stopped_by = null, stop_reason = null, collect_at = $collectAt,
       created_at = iif(collected_at is null, created_at, $at), collected_at = null`,
    { ...key, at: draft.deployedAt, collectAt: collectAtAfter(app, draft.deployedAt) },
  )
  if (draft.origin === 'deploy') writeLease(db, key, leaseUntil)
  db.run(
    'insert into versions (env, app, version, status, record, manifest) values ($env, $app, $version, $status, $record, $manifest)',
    {
      ...key,
      version: version.version,
      status: version.status,
      record: versionRecord(version),
      manifest: JSON.stringify(version.manifest),
    },
  )
  if (draft.staged) restage(db, key)
  return { kind: 'begun', version }
}

/** Notes in the app which of its versions are staged, now that they are others. */
export function restage(db: Database, { env, app }: AppKey): void {
  db.run(
    `update apps set stagings = stagings + 1, staged = (
       select nullif(json_group_array(version order by version), '[]') from versions indexed by versions_staged
       where ${KEY} and status = 'staged'
     ) where ${KEY}`,
    { env, app },
  )
}

export function labelOwner(db: Database, label: string): EndpointOwner | undefined {
  const row = db.get('select env, app, function from labels where label = $label', { label })
  return row && { env: String(row.env), app: String(row.app), function: String(row.function) }
}
