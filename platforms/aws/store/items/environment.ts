import { Entity } from 'dynamodb-toolbox/entity'
import { boolean } from 'dynamodb-toolbox/schema/boolean'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'

/** Where all environments are listed: no environment has this name. */
export const ALL_ENVIRONMENTS = '*'

export const environmentEntity = (table: Table) =>
  new Entity({
    name: 'environment',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      name: string().key(),
      createdAt: number(),
      createdBy: string(),
      isClosed: boolean(),
    }),
    computeKey: ({ name }) => ({ env: ALL_ENVIRONMENTS, item: name }),
  })

export type EnvironmentEntity = ReturnType<typeof environmentEntity>
