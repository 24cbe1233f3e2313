import { setImmediate as turn } from 'node:timers/promises'
import type { AppKey } from '../../../protocol/names.ts'
import { firstIdAt } from '../ids.ts'
import type { Database } from './database.ts'

/** Rows that one statement removes, so that nobody waits for it. */
const AT_ONCE = 1_000

// What ended before then was made before, and ids tell when: an index of ends would be one that every call pays for.
const CALLS = `delete from calls where id in (
  select id from calls where id < $first and ended_at < $before limit $limit)`
const CONTAINERS = `delete from containers where id in (
  select id from containers where state = 'stopped' and stopped_at < $before limit $limit)`
const DELIVERIES = `delete from deliveries where (notice, channel) in (
  select notice, channel from deliveries where due_at is null and created_at < $before limit $limit)`
const NOTICES = `delete from notices where id in (
  select id from notices n where due_at is null and record ->> 'at' < $before
  and not exists (select 1 from deliveries d where d.notice = n.id and d.due_at is not null) limit $limit)`

/** Forgets calls that ended, containers that stopped, and notices that were told, before then: what DynamoDB does by itself. */
export async function forgetPast(db: Database, before: number): Promise<void> {
  const forget = async (sql: string, more = {}) => {
    while (db.run(sql, { before, limit: AT_ONCE, ...more }) === AT_ONCE) await turn()
  }
  await forget(CALLS, { first: firstIdAt('ca', before) })
  for (const sql of [CONTAINERS, DELIVERIES, NOTICES]) await forget(sql)
}

/** When there may be something of each app to collect; a stopped one has `stoppedMs` until then. */
export function collectionTimes(db: Database, stoppedMs: number): (AppKey & { at: number })[] {
  return db
    .all(
      `select env, app, coalesce(collect_at, stopped_at + $stoppedMs) as at from apps
       where collect_at is not null or state = 'stopped' and collected_at is null`,
      { stoppedMs },
    )
    .map(({ env, app, at }) => ({ env: String(env), app: String(app), at: Number(at) }))
}
