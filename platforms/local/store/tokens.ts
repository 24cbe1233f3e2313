import { fromCursor, toCursor } from '../../../control/cursor.ts'
import type { AuditEntry } from '../../../control/model.ts'
import { ENDED_TOKEN_DAYS, OLD_CODE_MS } from '../../../control/policy.ts'
import type { TokenStore } from '../../../control/store-port.ts'
import { insertEntry } from './audit.ts'
import type { Database } from './database.ts'
import { paged } from './pages.ts'
import { toSessionCode, toToken } from './rows.ts'

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

    tokens: async (kind, page) => {
      const rows = db.all(LIST, {
        kind: kind === 'token' ? undefined : kind,
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

    putSessionCode: async (code) =>
      db.transaction(() => {
        db.run('delete from session_codes where expires_at < $before', {
          before: code.createdAt - OLD_CODE_MS,
        })
        db.run(INSERT_CODE, { ...code })
      }),

    sessionCode: async (hash) => {
      const row = db.get('select * from session_codes where hash = $hash', { hash })
      return row && toSessionCode(row)
    },

    beginSession: async (code, session, entry) =>
      db.transaction(() => {
        if (db.run(USE_CODE, { ...code }) === 0) return false
        forgetEnded(db, session.createdAt)
        return recorded(db, db.run(INSERT, { ...session }) > 0, entry)
      }),
  }
}

const LIST = 'select * from tokens where kind is $kind and id < $before order by id desc limit $limit'

const INSERT = `
  insert into tokens (hash, id, kind, parent, name, role, env, created_at, created_by, expires_at)
  values ($hash, $id, $kind, $parent, $name, $role, $env, $createdAt, $createdBy, $expiresAt)
  on conflict (hash) do nothing`

const REVOKE = 'update tokens set revoked_at = $at, revoked_by = $by where id = $id and revoked_at is null'

const INSERT_CODE = `
  insert into session_codes (hash, name, role, env, parent, parent_expires_at, created_at, expires_at)
  values ($hash, $name, $role, $env, $parent, $parentExpiresAt, $createdAt, $expiresAt)`

const USE_CODE = 'update session_codes set used_at = $usedAt where hash = $hash and used_at is null'

/** Only what has changed something is told of. */
function recorded(db: Database, changed: boolean, entry: AuditEntry): boolean {
  if (changed) insertEntry(db, entry)
  return changed
}

function forgetEnded(db: Database, now: number): void {
  const before = now - ENDED_TOKEN_DAYS * DAY_MS
  db.run('delete from tokens where revoked_at < $before or expires_at < $before', { before })
}
