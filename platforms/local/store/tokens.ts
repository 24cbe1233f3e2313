import { fromCursor, toCursor } from '../../../control/cursor.ts'
import { ENDED_TOKEN_DAYS } from '../../../control/policy.ts'
import type { TokenStore } from '../../../control/store-port.ts'
import type { Database } from './database.ts'
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

    tokens: async ({ cursor, limit }) => {
      const before = cursor === undefined ? END : fromCursor('tokens', cursor)
      const rows = db.all('select * from tokens where id < $before order by id desc limit $most', {
        before,
        most: limit + 1,
      })
      const items = rows.slice(0, limit).map(toToken)
      const last = items.at(-1)
      return rows.length > limit && last ? { items, cursor: toCursor('tokens', last.id) } : { items }
    },

    putToken: async (token) =>
      db.transaction(() => {
        forgetEnded(db, token.createdAt)
        return db.run(INSERT, { ...token }) > 0
      }),

    revokeToken: async (id, { at, by }) => {
      const sql = 'update tokens set revoked_at = $at, revoked_by = $by where id = $id and revoked_at is null'
      return db.run(sql, { id, at, by }) > 0
    },
  }
}

const INSERT = `
  insert into tokens (hash, id, name, role, env, created_at, created_by, expires_at)
  values ($hash, $id, $name, $role, $env, $createdAt, $createdBy, $expiresAt) on conflict (hash) do nothing`

function forgetEnded(db: Database, now: number): void {
  const before = now - ENDED_TOKEN_DAYS * DAY_MS
  db.run('delete from tokens where revoked_at < $before or expires_at < $before', { before })
}
