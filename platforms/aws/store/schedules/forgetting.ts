import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import { isConditionCheckFailed } from 'dynamodb-toolbox/entity/actions/put'
import { keyOf } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { chunks } from '../dynamodb/chunks.ts'
import { type Keys, list } from '../dynamodb/query.ts'
import { partitionOf } from '../items/places.ts'
import { type FiringEntity, firingsOf, SCHEDULES, type ScheduleEntity } from '../items/schedule.ts'

const AT_ONCE = 25

export interface ScheduleItems {
  schedules: ScheduleEntity
  firings: FiringEntity
}

/** What is known of the schedules of a collected app goes, but for those of whoever has been deployed under its name since. */
export async function forgetSchedules(items: ScheduleItems, key: AppKey, collectedAt: number): Promise<void> {
  const found = await list(items.schedules.table, { partition: partitionOf(key) }, { consistent: true })
  for (const batch of chunks(found, AT_ONCE))
    await Promise.all(batch.map((item) => forget(items, key, item, collectedAt)))
}

async function forget(
  { schedules, firings }: ScheduleItems,
  key: AppKey,
  found: Keys,
  collectedAt: number,
): Promise<void> {
  const name = String(found.function)
  const item = String(found.item)
  const command = item.startsWith(SCHEDULES)
    ? schedules
        .build(DeleteItemCommand)
        .key({ ...keyOf(key), function: name })
        .options({ condition: { attr: 'schedule', exists: false } })
    : firings
        .build(DeleteItemCommand)
        .key({ ...keyOf(key), function: name, place: item.slice(firingsOf(name).length) })
        .options({ condition: { attr: 'at', lte: collectedAt } })
  await command.send().catch((error: unknown) => {
    if (!isConditionCheckFailed(error)) throw error
  })
}
