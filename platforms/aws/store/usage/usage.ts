import type { ContainerLife } from '../../../../control/model.ts'
import type { UsageStore } from '../../../../control/store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { slotOf } from '../../../../protocol/usage.ts'
import type { Database } from '../dynamodb/database.ts'
import { type Keys, list } from '../dynamodb/query.ts'
import { livesSince } from '../items/life.ts'
import { partitionOf } from '../items/places.ts'
import { rangeOf, toUsageRow } from './rows.ts'

const EVER_AFTER = 10 ** 15 - 1

export function usageStore({ usage: table }: Pick<Database, 'usage'>): UsageStore {
  const between = (key: AppKey, range: [string, string]): Promise<Keys[]> =>
    list(table, { partition: partitionOf(key), range: { between: range } }, { consistent: true })

  return {
    usage: async (key, { since, until, by }) =>
      (await between(key, rangeOf(by, since, until))).map(toUsageRow),

    usageOf: async (key, { version, since }) => {
      const items = await between(key, rangeOf('slot', slotOf(since), EVER_AFTER))
      const rows = items.map(toUsageRow).filter((row) => row.version === version)
      return {
        calls: rows.reduce((sum, { calls, requests }) => sum + calls + requests, 0),
        errors: rows.reduce((sum, { errors, serverErrors }) => sum + errors + serverErrors, 0),
      }
    },

    lives: async (key, since) => (await between(key, livesSince(since))).map(toLife),
  }
}

/** As it was put, less what it is found by. */
const toLife = ({ key, item, expiresAt, ...life }: Keys): ContainerLife => life as unknown as ContainerLife
