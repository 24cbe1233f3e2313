import type { FormattedItem } from 'dynamodb-toolbox/entity'
import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import { partitionOf, timePlace } from './places.ts'

const LIFE = 'life#'

/** What is kept of a container that stopped, by when it did. */
export const lifeEntity = (table: Table) =>
  new Entity({
    name: 'life',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      stoppedAt: number().key(),
      id: string().key(),
      function: string(),
      version: number(),
      cpu: number().optional(),
      memory: number().optional(),
      startedAt: number(),
      readyAt: number().optional(),
      drainingAt: number().optional(),
      expiresAt: number().hidden(),
    }),
    computeKey: ({ stoppedAt, id, ...key }) => ({
      key: partitionOf(key),
      item: `${LIFE}${timePlace(stoppedAt)}#${id}`,
    }),
  })

export type LifeEntity = ReturnType<typeof lifeEntity>
export type LifeItem = FormattedItem<LifeEntity>

/** Where the lives are that ended then or later. */
export const livesSince = (since: number): [string, string] => [`${LIFE}${timePlace(since)}`, `${LIFE}~`]
