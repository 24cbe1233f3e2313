import { fromCursor, toCursor } from '../../../control/cursor.ts'
import { livesBeyond } from '../../../control/lease-end.ts'
import type { App, Version } from '../../../control/model.ts'
import { outlasting } from '../../../control/overrides.ts'
import { hasStep } from '../../../control/steps.ts'
import type { AppStore } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { insertEntry } from './audit.ts'
import { writeOverrides } from './autoscaler.ts'
import { beginVersion, labelOwner, restage } from './begin-version.ts'
import type { Database, Row } from './database.ts'
import { insertNotice } from './notices.ts'
import { paged } from './pages.ts'
import { toApp, Versions, versionRecord } from './rows.ts'

const KEY = 'env = $env and app = $app'
/** Those of a status that few have, found without a look at the others, of which there may be very many. */
const FEW = {
  rolling: `indexed by versions_rolling where ${KEY} and status = 'rolling'`,
  staged: `indexed by versions_staged where ${KEY} and status = 'staged'`,
} as const

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
  const ofStatus = ({ env, app }: AppKey, status: keyof typeof FEW): Version[] =>
    db.all(`select * from versions ${FEW[status]} order by version`, { env, app }).map(toVersion)
  const has = ({ env, app }: AppKey, status: keyof typeof FEW): boolean =>
    db.get(`select 1 from versions ${FEW[status]} limit 1`, { env, app }) !== undefined
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
            `select * from apps where env = $env and app > $cursor and collected_at is null
             and instr(lower(app), lower($containing)) > 0 order by app limit $limit`,
            {
              env,
              containing: page.containing ?? '',
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

    rollingVersions: async (key) => ofStatus(key, 'rolling'),

    recordStep: async (key, number, step) =>
      db.transaction(() => {
        const version = readVersion(key, number)
        if (!version || version.steps.some((done) => done.step === step.step && done.state === step.state))
          return
        writeVersion({ ...version, steps: [...version.steps, step] })
      }),

    cutOver: async (key, number, at, entry, { endings, untried } = {}) =>
      db.transaction(() => {
        const app = readApp(key)
        const next = readVersion(key, number)
        if (app?.state !== 'deployed' || next?.status !== 'rolling' || (app.liveVersion ?? 0) >= number)
          return false
        if (untried && hasStep(next, 'start', 'running')) return false
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
        if (version?.status !== 'rolling' && version?.status !== 'staged') return false
        writeVersion({ ...version, ...end })
        const { env, app } = key
        if (version.status === 'staged') restage(db, key)
        // The labels that only this version wanted are let go when the live one is settled anew; or now, if there is none.
        db.run(`update apps set settled_version = null where ${KEY}`, { env, app })
        if (readApp(key)?.liveVersion === undefined && !has(key, 'rolling') && !has(key, 'staged'))
          db.run(`delete from labels where ${KEY}`, { env, app })
        insertEntry(db, entry)
        insertNotice(db, notice)
        return true
      }),

    settle: async ({ env, app }, { version, stagings }, labels) =>
      db.transaction(() => {
        const seen = readApp({ env, app })
        if (seen?.liveVersion !== version || seen.stagings !== stagings || has({ env, app }, 'rolling'))
          return
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
          const staged = ofStatus(key, 'staged')
          const live = before.liveVersion === undefined ? undefined : readVersion(key, before.liveVersion)
          for (const version of [...staged, ...ofStatus(key, 'rolling'), ...(live ? [live] : [])])
            writeVersion({ ...version, status: 'superseded' })
          if (staged.length > 0) restage(db, key)
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
