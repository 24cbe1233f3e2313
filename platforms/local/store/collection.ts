import type { CollectionStore } from '../../../control/collection-store-port.ts'
import { insertEntry } from './audit.ts'
import type { Database } from './database.ts'

const KEY = 'env = $env and app = $app'
/** All that is kept of an app beside its own row. */
const BELONGINGS = ['versions', 'containers', 'calls', 'waiting', 'schedules', 'firings']

export function collectionStore(db: Database): CollectionStore {
  const condemnedSince = (): number | undefined => {
    const row = db.get('select condemned_at from condemned limit 1')
    return row && Number(row.condemned_at)
  }
  const isBeingRemoved = (at: number): boolean =>
    db.get('select 1 from condemned where removed_until > $at limit 1', { at }) !== undefined
  const hashes = (): string[] => db.all('select hash from condemned').map(({ hash }) => String(hash))

  return {
    removeVersion: async ({ env, app }, version, entry) =>
      db.transaction(() => {
        const removed = db.run(
          `delete from versions where ${KEY} and version = $version and status in ('superseded', 'failed')`,
          { env, app, version },
        )
        if (removed > 0) insertEntry(db, entry)
        return removed > 0
      }),

    collectLater: async ({ env, app, collectAt }, at) => {
      db.run(`update apps set collect_at = $at where ${KEY} and collect_at is $before`, {
        env,
        app,
        at,
        before: collectAt,
      })
    },

    markCollected: async ({ env, app }, stoppedAt, at, entry) =>
      db.transaction(() => {
        const marked = db.run(
          `update apps set collected_at = $at, collect_at = $at, autoscaler = null, lease_until = null
           where ${KEY} and state = 'stopped' and stopped_at = $stoppedAt and collected_at is null`,
          { env, app, at, stoppedAt },
        )
        if (marked > 0) insertEntry(db, entry)
        return marked > 0
      }),

    forgetApp: async ({ env, app }) =>
      db.transaction(() => {
        const key = { env, app }
        if (!db.get(`select 1 from apps where ${KEY} and collected_at is not null`, key)) return
        for (const table of BELONGINGS) db.run(`delete from ${table} where ${KEY}`, key)
        db.run(`update apps set collect_at = null where ${KEY}`, key)
      }),

    condemned: async () => {
      const at = condemnedSince()
      return at === undefined ? undefined : { hashes: hashes(), at }
    },

    condemn: async (condemned, at) =>
      db.transaction(() => {
        if (condemnedSince() !== undefined) return
        for (const hash of condemned)
          db.run('insert into condemned (hash, condemned_at) values ($hash, $at)', { hash, at })
      }),

    reprieve: async (saved, at) =>
      db.transaction(() => {
        if (isBeingRemoved(at)) return false
        db.run('delete from condemned where hash in (select value from json_each($saved))', {
          saved: JSON.stringify(saved),
        })
        return true
      }),

    beginRemoval: async (condemnedAt, at, until) =>
      db.transaction(() => {
        if (condemnedSince() !== condemnedAt || isBeingRemoved(at)) return undefined
        db.run('update condemned set removed_until = $until', { until })
        return hashes()
      }),

    endRemoval: async (condemnedAt) => {
      db.run('delete from condemned where condemned_at = $condemnedAt', { condemnedAt })
    },
  }
}
