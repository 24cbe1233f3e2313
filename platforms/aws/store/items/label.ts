import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'

export const labelEntity = (table: Table) =>
  new Entity({
    name: 'label',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({ label: string().key(), env: string(), app: string(), function: string() }),
    computeKey: ({ label }) => ({ key: `label#${label}`, item: 'label' }),
  })

export type LabelEntity = ReturnType<typeof labelEntity>
