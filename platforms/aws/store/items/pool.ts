import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import { numberPlace, partitionOf } from './places.ts'

/** Begins the sort keys of an app's pools. */
export const POOLS = 'pool#'

/** How many containers of a function are active, over all versions and of each: the fence around `maxContainers`. */
export const functionPoolEntity = (table: Table) =>
  new Entity({
    name: 'functionPool',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({ env: string().key(), app: string().key(), function: string().key(), active: number() }),
    computeKey: ({ function: name, ...key }) => ({ key: partitionOf(key), item: `${POOLS}${name}` }),
  })

export const versionPoolEntity = (table: Table) =>
  new Entity({
    name: 'versionPool',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      function: string().key(),
      version: number().key(),
      active: number(),
    }),
    computeKey: ({ function: name, version, ...key }) => ({
      key: partitionOf(key),
      item: `${POOLS}${name}#${numberPlace(version)}`,
    }),
  })

export interface Pools {
  ofFunction: ReturnType<typeof functionPoolEntity>
  ofVersion: ReturnType<typeof versionPoolEntity>
}
