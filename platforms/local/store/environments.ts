import type { Environment } from '../../../control/secret-model.ts'
import type { EnvironmentStore } from '../../../control/secret-store-port.ts'
import { DEFAULT_ENV } from '../../../protocol/names.ts'
import { insertEntry } from './audit.ts'
import type { Database, Row } from './database.ts'

export function environmentStore(db: Database): EnvironmentStore {
  return {
    environment: async (name) => {
      const row = db.get('select * from environments where name = $name', { name })
      return row && toEnvironment(row)
    },

    environments: async () => db.all('select * from environments order by name').map(toEnvironment),

    createEnvironment: async ({ name, createdAt, createdBy }, entry) =>
      db.transaction(() => {
        const isNew = db.run(
          `insert or ignore into environments (name, created_at, created_by, is_closed)
           values ($name, $createdAt, $createdBy, 0)`,
          { name, createdAt, createdBy },
        )
        if (isNew > 0) insertEntry(db, entry)
        return isNew > 0
      }),

    closeEnvironment: async (name, isClosed) => {
      db.run('update environments set is_closed = $isClosed where name = $name', {
        name,
        isClosed: Number(isClosed),
      })
    },

    removeEnvironment: async (name, entry) =>
      db.transaction(() => {
        const removed = db.run('delete from environments where name = $name and is_closed = 1', { name })
        if (removed > 0) insertEntry(db, entry)
        return removed > 0
      }),
  }
}

/** Whether a version can begin there. */
export function isOpen(db: Database, name: string): boolean {
  if (name === DEFAULT_ENV) return true
  return db.get('select 1 from environments where name = $name and is_closed = 0', { name }) !== undefined
}

function toEnvironment(row: Row): Environment {
  return {
    name: String(row.name),
    createdAt: Number(row.created_at),
    createdBy: String(row.created_by),
    isClosed: row.is_closed === 1,
  }
}
