import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import type { Table } from 'dynamodb-toolbox/table'
import { fromCursor, toCursor } from '../../../control/cursor.ts'
import { ENDED_TOKEN_DAYS, OLD_CODE_MS } from '../../../control/policy.ts'
import type { TokenStore } from '../../../control/store-port.ts'
import type { Token } from '../../../control/token-model.ts'
import { entryPut } from './audit.ts'
import { paged } from './dynamodb/pages.ts'
import { list } from './dynamodb/query.ts'
import { read, readAll } from './dynamodb/read.ts'
import { writeAll } from './dynamodb/transaction.ts'
import type { EntryEntity } from './items/entry.ts'
import {
  LISTS,
  sessionCodeEntity,
  tokenEntity,
  tokenIdEntity,
  toSessionCode,
  toToken,
} from './items/token.ts'

const DAY_SECONDS = 86_400
/** After every id. */
const END = '~'

export function tokenStore(table: Table, entries: EntryEntity): TokenStore {
  const tokens = tokenEntity(table)
  const ids = tokenIdEntity(table)
  const codes = sessionCodeEntity(table)

  /** The token, and what leads to it from its id. */
  function puts(token: Token) {
    const forgetAt = token.expiresAt === undefined ? undefined : forgottenAt(token.expiresAt)
    return [
      tokens
        .build(PutTransaction)
        .item({ ...token, listedIn: LISTS[token.kind ?? 'token'], forgetAt })
        .options({ condition: { attr: 'hash', exists: false } }),
      ids.build(PutTransaction).item({ id: token.id, of: token.hash, forgetAt }),
    ] as const
  }

  return {
    token: async (hash) => {
      const item = await read(tokens, { hash })
      return item && toToken(item)
    },

    tokenById: async (id) => {
      const known = await read(ids, { id })
      const item = known && (await read(tokens, { hash: known.of }))
      return item && toToken(item)
    },

    tokens: async (kind, page) => {
      const range = { lt: page.cursor === undefined ? END : fromCursor('tokens', page.cursor) }
      const extent = { reverse: true, limit: page.limit + 1 }
      const keys = await list(table, { index: 'listed', partition: LISTS[kind], range }, extent)
      const items = await readAll(
        tokens,
        keys.map(({ hash }) => ({ hash: String(hash) })),
      )
      const found = items.map(toToken).sort((a, b) => (a.id < b.id ? 1 : -1))
      return paged(found, page, ({ id }) => toCursor('tokens', id))
    },

    putToken: async (token, entry) => {
      const refused = await writeAll(...puts(token), entryPut(entries, entry))
      return refused === undefined
    },

    revokeToken: async (id, { at, by }, entry) => {
      const known = await read(ids, { id })
      if (!known) return false
      const forgetAt = forgottenAt(at)
      const refused = await writeAll(
        tokens
          .build(UpdateTransaction)
          .item({ hash: known.of, revokedAt: at, revokedBy: by, forgetAt })
          .options({
            condition: {
              and: [
                { attr: 'createdAt', exists: true },
                { attr: 'revokedAt', exists: false },
              ],
            },
          }),
        ids.build(UpdateTransaction).item({ id, forgetAt }),
        entryPut(entries, entry),
      )
      return refused === undefined
    },

    putSessionCode: async ({ hash, ...code }) => {
      const forgetAt = inSeconds(code.expiresAt + OLD_CODE_MS)
      await codes
        .build(PutItemCommand)
        .item({ ...code, code: hash, forgetAt })
        .send()
    },

    sessionCode: async (hash) => {
      const item = await read(codes, { code: hash })
      return item && toSessionCode(item)
    },

    beginSession: async ({ hash, usedAt }, session, entry) => {
      const refused = await writeAll(
        codes
          .build(UpdateTransaction)
          .item({ code: hash, usedAt })
          .options({
            condition: {
              and: [
                { attr: 'createdAt', exists: true },
                { attr: 'usedAt', exists: false },
              ],
            },
          }),
        ...puts(session),
        entryPut(entries, entry),
      )
      return refused === undefined
    },
  }
}

/** In seconds, as DynamoDB counts. */
const inSeconds = (ms: number): number => Math.floor(ms / 1000)
const forgottenAt = (endedAt: number): number => inSeconds(endedAt) + ENDED_TOKEN_DAYS * DAY_SECONDS
