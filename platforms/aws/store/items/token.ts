import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { SessionCode, Token } from '../../../../control/token-model.ts'
import type { Role } from '../../../../protocol/access.ts'
import type { TokenKind } from '../../../../protocol/tokens.ts'
import { word } from './word.ts'

/** The partitions of the index that lists them. */
export const LISTS = { token: 'tokens', session: 'sessions' } as const satisfies Record<TokenKind, string>
/** Of an id that is made of a hash: as long as a ULID. */
const ID_LENGTH = 26

export const tokenEntity = (table: Table) =>
  new Entity({
    name: 'token',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      hash: string().key(),
      id: string().optional(),
      kind: word<'session'>().optional(),
      parent: string().optional(),
      name: string(),
      role: word<Role>().optional(),
      env: string().optional(),
      createdAt: number(),
      createdBy: string().optional(),
      expiresAt: number().optional(),
      revokedAt: number().optional(),
      revokedBy: string().optional(),
      listedIn: string().optional().hidden(),
      forgetAt: number().optional().hidden(),
    }),
    computeKey: ({ hash }) => ({ hash }),
  })

export type TokenEntity = ReturnType<typeof tokenEntity>

/** Which token has an id. */
export const tokenIdEntity = (table: Table) =>
  new Entity({
    name: 'tokenId',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({ id: string().key(), of: string(), forgetAt: number().optional().hidden() }),
    computeKey: ({ id }) => ({ hash: `id#${id}` }),
  })

export type TokenIdEntity = ReturnType<typeof tokenIdEntity>

/** Begins a session, once. */
export const sessionCodeEntity = (table: Table) =>
  new Entity({
    name: 'sessionCode',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      /** Its hash. */
      code: string().key(),
      name: string(),
      role: word<Role>(),
      env: string().optional(),
      parent: string().optional(),
      parentExpiresAt: number().optional(),
      createdAt: number(),
      expiresAt: number(),
      usedAt: number().optional(),
      forgetAt: number().hidden(),
    }),
    computeKey: ({ code }) => ({ hash: `code#${code}` }),
  })

export type SessionCodeEntity = ReturnType<typeof sessionCodeEntity>

/** Those that were made before there were roles may do everything, as they always might. */
export function toToken({ id, role, createdBy, ...item }: FormattedItem<TokenEntity>): Token {
  return {
    ...item,
    id: id ?? `to-${item.hash.slice(0, ID_LENGTH)}`,
    role: role ?? 'admin',
    createdBy: createdBy ?? item.name,
  } as Token
}

export function toSessionCode({ code, ...item }: FormattedItem<SessionCodeEntity>): SessionCode {
  return { ...item, hash: code } as SessionCode
}
