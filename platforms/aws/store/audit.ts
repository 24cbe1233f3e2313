import { EntityFormatter } from 'dynamodb-toolbox/entity/actions/format'
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { fromCursor, toCursor } from '../../../control/cursor.ts'
import type { AuditEntry } from '../../../control/model.ts'
import type { AuditStore } from '../../../control/store-port.ts'
import { paged } from './dynamodb/pages.ts'
import { list } from './dynamodb/query.ts'
import type { Write } from './dynamodb/transaction.ts'
import type { EntryEntity } from './items/entry.ts'
import { partitionOf } from './items/places.ts'

const KEPT_DAYS = 400
const DAY_SECONDS = 86_400
/** After every id. */
const END = '~'

export function auditStore(entries: EntryEntity): AuditStore {
  const formatter = entries.build(EntityFormatter<EntryEntity>)
  return {
    recordEntry: async (entry) => {
      await entries.build(PutItemCommand).item(itemOf(entry)).send()
    },

    auditEntries: async (env, app, page) => {
      const range = { lt: page.cursor === undefined ? END : fromCursor('audit', page.cursor) }
      const extent = { reverse: true, limit: page.limit + 1 }
      const found =
        app === undefined
          ? await list(entries.table, { index: 'environment', partition: env, range }, extent)
          : await list(
              entries.table,
              { partition: partitionOf({ env, app }), range },
              { ...extent, consistent: true },
            )
      const read = found.map((item) => formatter.format(item).entry)
      return paged(read, page, ({ id }) => toCursor('audit', id))
    },
  }
}

/** To be written in the transaction of the change that it tells of. */
export function entryPut(entries: EntryEntity, entry: AuditEntry): Write {
  return entries.build(PutTransaction).item(itemOf(entry))
}

/** The same where there may be none to write. */
export function entryPuts(entries: EntryEntity, entry: AuditEntry | undefined): Write[] {
  return entry ? [entryPut(entries, entry)] : []
}

function itemOf(entry: AuditEntry) {
  const { env, app, id, at } = entry
  return {
    place: app === undefined ? env : partitionOf({ env, app }),
    id,
    env,
    entry,
    expiresAt: Math.floor(at / 1000) + KEPT_DAYS * DAY_SECONDS,
  }
}
