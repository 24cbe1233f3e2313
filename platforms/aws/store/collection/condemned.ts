import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { isConditionCheckFailed, PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { $delete } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { CollectionStore } from '../../../../control/collection-store-port.ts'
import { read } from '../dynamodb/read.ts'
import { update } from '../dynamodb/update.ts'
import type { CondemnedEntity } from '../items/condemned.ts'

type Condemnations = Pick<
  CollectionStore,
  'condemned' | 'condemn' | 'reprieve' | 'beginRemoval' | 'endRemoval'
>

const LIST = { list: 'condemned' }

export function condemnations(entity: CondemnedEntity): Condemnations {
  return {
    condemned: async () => {
      const item = await read(entity, LIST)
      return item && { hashes: [...(item.hashes ?? [])], at: item.at }
    },

    condemn: async (hashes, at) => {
      const condition = { attr: 'at', exists: false } as const
      const command = entity.build(PutItemCommand).item({ ...LIST, at, hashes: new Set(hashes) })
      await command.options({ condition }).send().catch(unlessConditional)
    },

    reprieve: async (hashes, at) => {
      const item = await read(entity, LIST)
      const saved = hashes.filter((hash) => item?.hashes?.has(hash))
      if (!item || (item.removedUntil ?? 0) > at) return item === undefined
      if (saved.length === 0) return true
      // A removal that was begun since the list was read knows of them.
      const { done } = await update(
        entity,
        { ...LIST, hashes: $delete(new Set(saved)) },
        {
          and: [
            { attr: 'at', eq: item.at },
            {
              or: [
                { attr: 'removedUntil', exists: false },
                { attr: 'removedUntil', lte: at },
              ],
            },
          ],
        },
      )
      return done
    },

    beginRemoval: async (condemnedAt, at, until) => {
      const { done, item } = await update(
        entity,
        { ...LIST, removedUntil: until },
        {
          and: [
            { attr: 'at', eq: condemnedAt },
            {
              or: [
                { attr: 'removedUntil', exists: false },
                { attr: 'removedUntil', lte: at },
              ],
            },
          ],
        },
      )
      return done ? [...(item.hashes ?? [])] : undefined
    },

    endRemoval: async (condemnedAt) => {
      const condition = { attr: 'at', eq: condemnedAt } as const
      const command = entity.build(DeleteItemCommand).key(LIST)
      await command.options({ condition }).send().catch(unlessConditional)
    },
  }
}

function unlessConditional(error: unknown): void {
  if (!isConditionCheckFailed(error)) throw error
}
