import type { FormattedItem } from 'dynamodb-toolbox/entity'
import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import { type AuditEntry, keyOf } from '../../../../control/model.ts'
import type { ScheduleRecord } from '../../../../control/schedule-model.ts'
import type { ScheduleStore } from '../../../../control/schedule-store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { entryPut } from '../audit.ts'
import { list } from '../dynamodb/query.ts'
import { read, readAll } from '../dynamodb/read.ts'
import { type Write, writeAll } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import type { EntryEntity } from '../items/entry.ts'
import { partitionOf } from '../items/places.ts'
import { EXPECTED, SCHEDULES, type ScheduleEntity, toScheduleRecord } from '../items/schedule.ts'

type Schedules = Omit<ScheduleStore, 'recordFiring' | 'firing' | 'firings'>

/** Functions that run by themselves: an item each, which no version has to be read for. */
export function scheduleRecords(schedules: ScheduleEntity, entries: EntryEntity): Schedules {
  const { table } = schedules
  const readThis = async (key: AppKey, name: string): Promise<ScheduleRecord | undefined> => {
    const found = await read(schedules, { ...keyOf(key), function: name })
    return found && toScheduleRecord(found)
  }

  return {
    schedules: async (key) => {
      const range = { beginsWith: SCHEDULES }
      const items = await list(table, { partition: partitionOf(key), range }, { consistent: true })
      const formatter = schedules.build(EntityFormatter<ScheduleEntity>)
      return items.map((item) => toScheduleRecord(formatter.format(item)))
    },

    schedule: readThis,

    setSchedule: async (key, turn, { expectedAt, ...wanted }) => {
      const { item } = await update(
        schedules,
        {
          ...keyOf(key),
          ...wanted,
          version: turn,
          expectedAt: expectedAt ?? $remove(),
          list: EXPECTED,
        },
        {
          or: [
            { attr: 'version', exists: false },
            { attr: 'version', lt: turn },
          ],
        },
      )
      if (!item) throw new Error(`The schedule of ${wanted.function} was not stored`)
      return toScheduleRecord(item)
    },

    dropSchedule: async (key, name, turn) => {
      await update(
        schedules,
        {
          ...keyOf(key),
          function: name,
          version: turn,
          schedule: $remove(),
          anchor: $remove(),
          expectedAt: $remove(),
        },
        { attr: 'version', lte: turn },
      )
    },

    expectFiring: async (key, name, from, next) => {
      const isExpected: Condition<ScheduleEntity> = {
        or: [
          { attr: 'expectedAt', exists: false },
          { attr: 'expectedAt', eq: from },
        ],
      }
      await update(
        schedules,
        { ...keyOf(key), function: name, expectedAt: next ?? $remove() },
        { and: [{ attr: 'schedule', exists: true }, isExpected] },
      )
    },

    overdueSchedules: async (since, limit) => {
      const query = { index: 'expected', partition: EXPECTED, range: { lte: since } } as const
      const found = await list(table, query, { limit })
      const keys = found.map(({ key, item }) => keyIn(String(key), String(item)))
      const overdue = (await readAll(schedules, keys)).filter(isDue(since)).map(toScheduleRecord)
      return overdue.sort((a, b) => (a.expectedAt ?? 0) - (b.expectedAt ?? 0))
    },

    pauseSchedule: (key, name, { at, by, reason }, entry) => {
      const paused = schedules
        .build(UpdateTransaction)
        .item({
          ...keyOf(key),
          function: name,
          pausedAt: at,
          pausedBy: by,
          pauseReason: reason ?? $remove(),
          resumedAt: $remove(),
        })
        .options({
          condition: {
            or: [
              { attr: 'pausedAt', exists: false },
              { attr: 'resumedAt', exists: true },
            ],
          },
        })
      return change(paused, entries, entry)
    },

    resumeSchedule: (key, name, at, entry) => {
      const resumed = schedules
        .build(UpdateTransaction)
        .item({ ...keyOf(key), function: name, resumedAt: at })
        .options({
          condition: {
            and: [
              { attr: 'pausedAt', exists: true },
              { attr: 'resumedAt', exists: false },
            ],
          },
        })
      return change(resumed, entries, entry)
    },
  }
}

/** @returns whether it was changed: then the record of it is written, too */
async function change(write: Write, entries: EntryEntity, entry: AuditEntry): Promise<boolean> {
  return (await writeAll(write, entryPut(entries, entry))) === undefined
}

/** The index shows a change a moment later. */
const isDue =
  (since: number) =>
  ({ expectedAt }: FormattedItem<ScheduleEntity>): boolean =>
    expectedAt !== undefined && expectedAt <= since

/** Neither part of an app's name can hold a slash. */
function keyIn(partition: string, item: string) {
  const [env = '', app = ''] = partition.split('/')
  return { env, app, function: item.slice(SCHEDULES.length) }
}
