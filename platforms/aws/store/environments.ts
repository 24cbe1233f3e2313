import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { ConditionCheck } from 'dynamodb-toolbox/entity/actions/transactCheck'
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import type { EnvironmentStore } from '../../../control/secret-store-port.ts'
import { DEFAULT_ENV } from '../../../protocol/names.ts'
import { entryPut } from './audit.ts'
import { list } from './dynamodb/query.ts'
import { read } from './dynamodb/read.ts'
import { type Write, writeAll } from './dynamodb/transaction.ts'
import { update } from './dynamodb/update.ts'
import type { EntryEntity } from './items/entry.ts'
import { ALL_ENVIRONMENTS, type EnvironmentEntity } from './items/environment.ts'

export function environmentStore(environments: EnvironmentEntity, entries: EntryEntity): EnvironmentStore {
  const formatter = environments.build(EntityFormatter<EnvironmentEntity>)
  return {
    environment: (name) => read(environments, { name }),

    environments: async () => {
      const found = await list(environments.table, { partition: ALL_ENVIRONMENTS }, { consistent: true })
      return found.map((item) => formatter.format(item))
    },

    createEnvironment: async (environment, entry) => {
      const put = environments
        .build(PutTransaction)
        .item(environment)
        .options({ condition: { attr: 'createdAt', exists: false } })
      return (await writeAll(put, entryPut(entries, entry))) === undefined
    },

    closeEnvironment: async (name, isClosed) => {
      await update(environments, { name, isClosed }, { attr: 'createdAt', exists: true })
    },

    removeEnvironment: async (name, entry) => {
      const remove = environments
        .build(DeleteTransaction)
        .key({ name })
        .options({ condition: { attr: 'isClosed', eq: true } })
      return (await writeAll(remove, entryPut(entries, entry))) === undefined
    },
  }
}

/** Lets what is written with it happen only where versions may begin; `main` is never asked for. */
export function openCheck(environments: EnvironmentEntity, name: string): Write[] {
  if (name === DEFAULT_ENV) return []
  return [environments.build(ConditionCheck).key({ name }).condition({ attr: 'isClosed', eq: false })]
}
