import type { AppKey } from '../../../protocol/names.ts'
import { firstIdAt } from '../ids.ts'
import type { Database } from './database.ts'

/** Rows that one statement removes, so that nobody waits for it. */
const AT_ONCE = 10_000

/** Forgets calls that ended, containers that stopped, and notices that were told, before then: what DynamoDB does by itself. */
export function forgetPast(db: Database, before: number): void {
  const bindings = { before, limit: AT_ONCE }
  // What ended before then was made before, and ids tell when: an index of ends would be one that every call pays for.
  db.run(
    'delete from calls where id in (select id from calls where id < $first and ended_at < $before limit $limit)',
    { ...bindings, first: firstIdAt('ca', before) },
  )
  db.run(
    `delete from containers where id in (
       select id from containers where state = 'stopped' and stopped_at < $before limit $limit)`,
    bindings,
  )
  db.run(
    `delete from deliveries where (notice, channel) in (
       select notice, channel from deliveries where due_at is null and created_at < $before limit $limit)`,
    bindings,
  )
  db.run(
    `delete from notices where id in (
       select id from notices n where due_at is null and record ->> 'at' < $before
       and not exists (select 1 from deliveries d where d.notice = n.id and d.due_at is not null) limit $limit)`,
    bindings,
  )
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
