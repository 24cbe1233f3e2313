import { Entity, type FormattedItem } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { set } from 'dynamodb-toolbox/schema/set'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'

/** Contents that are to be removed: one item, which is absent while there are none. */
export const condemnedEntity = (table: Table) =>
  new Entity({
    name: 'condemned',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      list: string().key().default('condemned'),
      at: number(),
      hashes: set(string()).optional(),
      removedUntil: number().optional(),
    }),
    computeKey: ({ list }) => ({ list }),
  })

export type CondemnedEntity = ReturnType<typeof condemnedEntity>
export type CondemnedItem = FormattedItem<CondemnedEntity>
