import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { isConditionCheckFailed, PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { keyOf } from '../../../../control/model.ts'
import type { Firing } from '../../../../control/schedule-model.ts'
import type { ScheduleStore } from '../../../../control/schedule-store-port.ts'
import { entryPut } from '../audit.ts'
import { list } from '../dynamodb/query.ts'
import { read } from '../dynamodb/read.ts'
import { writeAll } from '../dynamodb/transaction.ts'
import type { EntryEntity } from '../items/entry.ts'
import { partitionOf, timePlace } from '../items/places.ts'
import { type FiringEntity, firingPlace, firingsOf, toFiring } from '../items/schedule.ts'

/** After every place. */
const END = '~'

/** What became of slots: an item each, which DynamoDB forgets by itself. */
export function firingRecords(
  firings: FiringEntity,
  entries: EntryEntity,
): Pick<ScheduleStore, 'recordFiring' | 'firing' | 'firings'> {
  return {
    recordFiring: async (firing, entry) => {
      const item = itemOf(firing)
      const condition = isNews(firing)
      if (entry) {
        await writeAll(
          firings.build(PutTransaction).item(item).options({ condition }),
          entryPut(entries, entry),
        )
        return
      }
      try {
        await firings.build(PutItemCommand).item(item).options({ condition }).send()
      } catch (error) {
        if (!isConditionCheckFailed(error)) throw error
      }
    },

    firing: async (key, name, slot) => {
      const found = await read(firings, { ...keyOf(key), function: name, place: firingPlace(slot) })
      return found && toFiring(found)
    },

    firings: async (key, name, { since, limit }) => {
      const all = firingsOf(name)
      const found = await list(
        firings.table,
        { partition: partitionOf(key), range: { between: [`${all}${timePlace(since)}`, `${all}${END}`] } },
        { reverse: true, limit, consistent: true },
      )
      const formatter = firings.build(EntityFormatter<FiringEntity>)
      return found.map((item) => toFiring(formatter.format(item)))
    },
  }
}

function itemOf(firing: Firing) {
  const { slot, outcome, call, forgetAt } = firing
  const run = outcome === 'triggered' ? call : undefined
  return { ...firing, place: firingPlace(slot, run), expiresAt: Math.ceil(forgetAt / 1000) }
}

function isNews({ call }: Firing): Condition<FiringEntity> {
  const isFirst: Condition<FiringEntity> = { attr: 'outcome', exists: false }
  return call === undefined ? isFirst : { or: [isFirst, { attr: 'call', exists: false }] }
}
