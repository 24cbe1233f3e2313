import { Entity } from 'dynamodb-toolbox/entity'
import { isConditionCheckFailed, PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { item } from 'dynamodb-toolbox/schema/item'
import { number } from 'dynamodb-toolbox/schema/number'
import { string } from 'dynamodb-toolbox/schema/string'
import type { Table } from 'dynamodb-toolbox/table'
import type { TokenStore } from '../../../control/store-port.ts'
import { read } from './dynamodb/read.ts'

export function tokenStore(table: Table): TokenStore {
  const tokens = new Entity({
    name: 'token',
    table,
    entityAttribute: false,
    timestamps: false,
    schema: item({ hash: string().key(), name: string(), createdAt: number() }),
    computeKey: ({ hash }) => ({ hash }),
  })
  return {
    token: (hash) => read(tokens, { hash }),

    putToken: async (token) => {
      try {
        await tokens
          .build(PutItemCommand)
          .item(token)
          .options({ condition: { attr: 'hash', exists: false } })
          .send()
      } catch (error) {
        if (!isConditionCheckFailed(error)) throw error
      }
    },
  }
}
