import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import { partitionOf } from './places.ts'

/** The id that the call of an idempotency key has, or will have. */
export const idempotencyEntity = (table: Table) =>
  new Entity({
    name: 'idempotencyKey',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      idempotencyKey: string().key(),
      call: string(),
      expiresAt: number(),
    }),
    computeKey: ({ idempotencyKey, ...key }) => ({ id: `key#${partitionOf(key)}#${idempotencyKey}` }),
  })

export type IdempotencyEntity = ReturnType<typeof idempotencyEntity>
