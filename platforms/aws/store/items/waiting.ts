import { Entity } from 'dynamodb-toolbox/entity'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import { numberPlace, partitionOf } from './places.ts'

/** Begins the sort keys of what waits for an app's functions. */
export const WAITING = 'waiting#'

export const waitingEntity = (table: Table) =>
  new Entity({
    name: 'waiting',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({
      env: string().key(),
      app: string().key(),
      function: string().key(),
      /** 0 for whatever version is live. */
      pin: number().key(),
      waiting: number(),
      /** Whoever noted it may have died since. */
      notedAt: number(),
    }),
    computeKey: ({ function: name, pin, ...key }) => ({
      key: partitionOf(key),
      item: `${WAITING}${name}#${numberPlace(pin)}`,
    }),
  })

export type WaitingEntity = ReturnType<typeof waitingEntity>
