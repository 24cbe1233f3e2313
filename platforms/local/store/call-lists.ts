import type { CallStore } from '../../../control/call-store-port.ts'
import { fromCursor, toCursor } from '../../../control/cursor.ts'
import { CallStatus } from '../../../protocol/calls.ts'
import type { Database } from './database.ts'
import { paged } from './pages.ts'
import { toCall } from './rows.ts'

/** Calls in pages. However many an app has, no more are read than those that one of the conditions is true of. */
export function callLists(db: Database): Pick<CallStore, 'calls' | 'childCalls'> {
  return {
    calls: async ({ env, app }, filter, page) => {
      // What is not asked for is left out of the words, for the index to fit that is asked by.
      const { index, conditions, values } = askedOf(filter)
      const found = db.all(
        `select * from calls ${index} where env = $env and app = $app and id < $before ${conditions} order by id desc limit $limit`,
        {
          env,
          app,
          before: page.cursor === undefined ? '~' : fromCursor('calls', page.cursor),
          ...values,
          limit: page.limit + 1,
        },
      )
      return paged(found.map(toCall), page, (call) => toCursor('calls', call.id))
    },

    childCalls: async (parent, page) =>
      paged(
        db
          .all('select * from calls where parent = $parent and id > $after order by id limit $limit', {
            parent,
            after: page.cursor === undefined ? '' : fromCursor('calls', page.cursor),
            limit: page.limit + 1,
          })
          .map(toCall),
        page,
        (call) => toCursor('calls', call.id),
      ),
  }
}

/** What is found sooner among all calls of its kind than among all of the app. */
const FEW: Partial<Record<CallStatus, string>> = {
  pending: 'indexed by calls_waiting',
  running: 'indexed by calls_running',
}

type Filter = Parameters<CallStore['calls']>[1]

function askedOf({ function: name, status, version }: Filter) {
  const values: Record<string, string | number> = {}
  if (name !== undefined) values.function = name
  if (version !== undefined) values.version = version
  const conditions = Object.keys(values).map((column) => `and ${column} = $${column}`)
  // In words, since only so an index of such calls alone is seen to do.
  if (status !== undefined) conditions.push(`and status = '${CallStatus.parse(status)}'`)
  const index = (status && FEW[status]) ?? ''
  return { index, conditions: conditions.join(' '), values }
}
