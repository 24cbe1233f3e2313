import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { AuditEntry } from '../../../../control/model.ts'
import { json } from './json.ts'

export const entryEntity = (table: Table) =>
  new Entity({
    name: 'entry',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      /** The app that it is about, else the environment. */
      place: string().key(),
      id: string().key(),
      env: string(),
      entry: json<AuditEntry>(),
      expiresAt: number().optional().hidden(),
    }),
    computeKey: ({ place, id }) => ({ place, id }),
  })

export type EntryEntity = ReturnType<typeof entryEntity>
