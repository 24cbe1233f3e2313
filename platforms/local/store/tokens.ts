import { fromCursor, toCursor } from '../../../control/cursor.ts'
import type { AuditEntry } from '../../../control/model.ts'
import { ENDED_TOKEN_DAYS } from '../../../control/policy.ts'
import type { TokenStore } from '../../../control/store-port.ts'
import { insertEntry } from './audit.ts'
import type { Database } from './database.ts'
import { paged } from './pages.ts'
import { toToken } from './rows.ts'

const DAY_MS = 86_400_000
/** After every id. */
const END = '~'

export function tokenStore(db: Database): TokenStore {
  return {
    token: async (hash) => {
      const row = db.get('select * from tokens where hash = $hash', { hash })
      return row && toToken(row)
    },

    tokenById: async (id) => {
      const row = db.get('select * from tokens where id = $id', { id })
      return row && toToken(row)
    },

    tokens: async (page) => {
      const rows = db.all('select * from tokens where id < $before order by id desc limit $limit', {
        before: page.cursor === undefined ? END : fromCursor('tokens', page.cursor),
        limit: page.limit + 1,
      })
      return paged(rows.map(toToken), page, ({ id }) => toCursor('tokens', id))
    },

    putToken: async (token, entry) =>
      db.transaction(() => {
        forgetEnded(db, token.createdAt)
        return recorded(db, db.run(INSERT, { ...token }) > 0, entry)
      }),

    revokeToken: async (id, { at, by }, entry) =>
      db.transaction(() => recorded(db, db.run(REVOKE, { id, at, by }) > 0, entry)),
  }
}

const INSERT = `
  insert into tokens (hash, id, name, role, env, created_at, created_by, expires_at)
  values ($hash, $id, $name, $role, $env, $createdAt, $createdBy, $expiresAt) on conflict (hash) do nothing`

const REVOKE = 'update tokens set revoked_at = $at, revoked_by = $by where id = $id and revoked_at is null'

/** Only what has changed something is told of. */
function recorded(db: Database, changed: boolean, entry: AuditEntry): boolean {
  if (changed) insertEntry(db, entry)
  return changed
}

function forgetEnded(db: Database, now: number): void {
  const before = now - ENDED_TOKEN_DAYS * DAY_MS
  db.run('delete from tokens where revoked_at < $before or expires_at < $before', { before })
}
