import { fromCursor, toCursor } from '../../../control/cursor.ts'
import { livesBeyond } from '../../../control/lease-end.ts'
import type { App, Version, VersionDraft } from '../../../control/model.ts'
import { outlasting } from '../../../control/overrides.ts'
import { collectAtAfter } from '../../../control/retention.ts'
import type { AppStore, BeginVersion, EndpointOwner } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { insertEntry } from './audit.ts'
import { writeOverrides } from './autoscaler.ts'
import type { Database, Row } from './database.ts'
import { isOpen } from './environments.ts'

import { writeLease } from './leases.ts'

import { insertNotice } from './notices.ts'

import { paged } from './pages.ts'
import { toApp, Versions, versionRecord } from './rows.ts'

const KEY = 'env = $env and app = $app'

export function appStore(db: Database): AppStore {
  const versions = new Versions()
  const toVersion = (row: Row): Version => versions.read(row)
  const readApp = ({ env, app }: AppKey): App | undefined => {
    const row = db.get(`select * from apps where ${KEY}`, { env, app })
    return row && toApp(row)
  }
  const readVersion = ({ env, app }: AppKey, version: number): Version | undefined => {
    const row = db.get(`select * from versions where ${KEY} and version = $version`, { env, app, version })
    return row && toVersion(row)
  }
  const isRolling = ({ env, app }: AppKey): boolean =>
    db.get(`select 1 from versions where ${KEY} and status = 'rolling' limit 1`, { env, app }) !== undefined
  const writeVersion = (version: Version): void => {
    db.run(`update versions set status = $status, record = $record where ${KEY} and version = $version`, {
      env: version.env,
      app: version.app,
      version: version.version,
      status: version.status,
      record: versionRecord(version),
    })
  }

  return {
    app: async (key) => readApp(key),

    apps: async (env, page) =>
      paged(
        db
          .all(
            'select * from apps where env = $env and app > $cursor and collected_at is null order by app limit $limit',
            {
              env,
              cursor: page.cursor === undefined ? '' : fromCursor('apps', page.cursor),
              limit: page.limit + 1,
            },
          )
          .map(toApp),
        page,
        (app) => toCursor('apps', app.app),
      ),

    beginVersion: async (draft, labels, expectVersion, entry) =>
      db.transaction(() => {
        const begun = beginVersion(db, readApp(draft), draft, labels, expectVersion)
        if (begun.kind === 'begun') insertEntry(db, entry && { ...entry, version: begun.version.version })
        return begun
      }),

    version: async (key, version) => readVersion(key, version),

    versions: async ({ env, app }, page) =>
      paged(
        db
          .all(
            `select * from versions where ${KEY} and version < $before order by version desc limit $limit`,
            {
              env,
              app,
              before:
                page.cursor === undefined
                  ? Number.MAX_SAFE_INTEGER
                  : Number(fromCursor('versions', page.cursor)),
              limit: page.limit + 1,
            },
          )
          .map(toVersion),
        page,
        (version) => toCursor('versions', version.version),
      ),

    rollingVersions: async ({ env, app }) =>
      db
        .all(`select * from versions where ${KEY} and status = 'rolling' order by version`, { env, app })
        .map(toVersion),

    recordStep: async (key, number, step) =>
      db.transaction(() => {
        const version = readVersion(key, number)
        if (!version || version.steps.some((done) => done.step === step.step && done.state === step.state))
          return
        writeVersion({ ...version, steps: [...version.steps, step] })
      }),

    cutOver: async (key, number, at, entry, endings) =>
      db.transaction(() => {
        const app = readApp(key)
        const next = readVersion(key, number)
        if (app?.state !== 'deployed' || next?.status !== 'rolling' || (app.liveVersion ?? 0) >= number)
          return false
        const previous = app.liveVersion === undefined ? undefined : readVersion(key, app.liveVersion)
        if (previous) writeVersion({ ...previous, status: 'superseded' })
        writeVersion({ ...next, status: 'live', liveAt: at })
        db.run(`update apps set live_version = $number where ${KEY}`, { env: key.env, app: key.app, number })
        if (app.autoscaler) writeOverrides(db, key, outlasting(app.autoscaler, endings))
        insertEntry(db, entry)
        return true
      }),

    endRollout: async (key, number, { notice, ...end }, entry) =>
      db.transaction(() => {
        const version = readVersion(key, number)
        if (version?.status !== 'rolling') return false
        writeVersion({ ...version, ...end })
        const { env, app } = key
        // The labels that only this version wanted are let go when the live one is settled anew; or now, if there is none.
        db.run(`update apps set settled_version = null where ${KEY}`, { env, app })
        if (readApp(key)?.liveVersion === undefined && !isRolling(key))
          db.run(`delete from labels where ${KEY}`, { env, app })
        insertEntry(db, entry)
        insertNotice(db, notice)
        return true
      }),

    settle: async ({ env, app }, version, labels) =>
      db.transaction(() => {
        if (readApp({ env, app })?.liveVersion !== version || isRolling({ env, app })) return
        db.run(`delete from labels where ${KEY} and label not in (select value from json_each($labels))`, {
          env,
          app,
          labels: JSON.stringify(labels),
        })
        db.run(`update apps set settled_version = $version where ${KEY}`, { env, app, version })
      }),

    beginStop: async ({ env, app }, { isExpiry, ...stop }, entry) =>
      db.transaction(() => {
        const key = { env, app }
        const before = readApp(key)
        if (before?.state === 'deployed' && !(isExpiry && livesBeyond(before, stop.at))) {
          const ended = db.all(`select * from versions where ${KEY} and status in ('rolling', 'live')`, key)
          for (const version of ended.map(toVersion)) writeVersion({ ...version, status: 'superseded' })
          db.run(
            `update apps set state = 'stopping', live_version = null, settled_version = null, stopped_at = $at,
             stop_deadline = $deadline, stopped_by = $by, stop_reason = $reason where ${KEY}`,
            { ...key, ...stop },
          )
          db.run(`delete from labels where ${KEY}`, key)
          insertEntry(db, entry)
        }
        return readApp(key)
      }),

    finishStop: async ({ env, app }, entry) =>
      db.transaction(() => {
        const ended = `update apps set state = 'stopped', stop_deadline = null where ${KEY} and state = 'stopping'`
        if (db.run(ended, { env, app }) > 0) insertEntry(db, entry)
      }),

    label: async (label) => labelOwner(db, label),
  }
}

function beginVersion(
  db: Database,
  app: App | undefined,
  draft: VersionDraft,
  labels: Map<string, string>,
  expectVersion: number | undefined,
): BeginVersion {
  const lastVersion = app?.lastVersion ?? 0
  if (expectVersion !== undefined && expectVersion !== lastVersion) return { kind: 'conflict', lastVersion }
  if (!isOpen(db, draft.env)) return { kind: 'no_environment' }
  const key = { env: draft.env, app: draft.app }
  for (const label of labels.keys()) {
    const owner = labelOwner(db, label)
    if (owner && (owner.env !== key.env || owner.app !== key.app))
      return { kind: 'label_taken', label, owner }
  }
  for (const [label, name] of labels) {
    db.run('insert or replace into labels (label, env, app, function) values ($label, $env, $app, $name)', {
      ...key,
      label,
      name,
    })
  }
  const { leaseUntil, ...rest } = draft
  const version: Version = {
    ...rest,
    version: lastVersion + 1,
    status: 'rolling',
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
  return { kind: 'begun', version }
}

function labelOwner(db: Database, label: string): EndpointOwner | undefined {
  const row = db.get('select env, app, function from labels where label = $label', { label })
  return row && { env: String(row.env), app: String(row.app), function: String(row.function) }
}
