import { fromCursor, toCursor } from '../../../control/cursor.ts'
import type { AuditEntry } from '../../../control/model.ts'
import type { AuditStore } from '../../../control/store-port.ts'
import type { Database } from './database.ts'
import { paged } from './pages.ts'

/** After every id. */
const END = '~'

export function auditStore(db: Database): AuditStore {
  return {
    recordEntry: async (entry) => insertEntry(db, entry),

    auditEntries: async (env, app, page) =>
      paged(
        db
          .all(
            `select record from audit where env = $env ${app === undefined ? '' : 'and app = $app'} and id < $before
             order by id desc limit $limit`,
            {
              env,
              ...(app !== undefined && { app }),
              before: page.cursor === undefined ? END : fromCursor('audit', page.cursor),
              limit: page.limit + 1,
            },
          )
          .map(({ record }) => JSON.parse(String(record)) as AuditEntry),
        page,
        ({ id }) => toCursor('audit', id),
      ),
  }
}

/** To be called within the transaction of the change that it tells of. */
export function insertEntry(db: Database, entry: AuditEntry | undefined): void {
  if (!entry) return
  db.run('insert or ignore into audit (id, env, app, record) values ($id, $env, $app, $record)', {
    id: entry.id,
    env: entry.env,
    app: entry.app,
    record: JSON.stringify(entry),
  })
}
