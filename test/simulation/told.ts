import assert from 'node:assert/strict'
import type { World } from './world.ts'

/** Milliseconds by which a notice has arrived where nothing is lost any more. */
const ARRIVES_MS = 20_000

/** Whoever wants to hear of something has heard of it, whatever was lost or refused and whoever died. */
export function checkTold({ store, heard, clockErrorMs }: World, now: number): void {
  const numbers = (sql: string) => store.database.all(sql).map(({ n }) => Number(n))
  const failed = numbers(
    `select version as n from (
       select version, status from versions union all select version, status from gone
     ) where status = 'failed' order by n`,
  )
  const ids = new Set(heard.map(({ notice }) => notice))
  const told = [...ids].flatMap((id) => id.match(/^rollout_failed\/main\/shop\/(\d+)$/)?.[1] ?? [])
  assert.deepEqual(
    told.map(Number).sort((a, b) => a - b),
    failed,
    'a failed rollout was not told',
  )
  // What a schedule runs may fail to the last moment.
  const since = now - ARRIVES_MS - clockErrorMs
  const due = `select record ->> 'at' as n from notices where due_at is not null
    union all select created_at from deliveries where due_at is not null`
  assert.deepEqual(
    numbers(due).filter((at) => at < since),
    [],
    'a notice never arrived',
  )
  const notices = store.database.all(`select id from notices where record ->> 'at' < $since`, { since })
  const unheard = notices.filter(({ id }) => !ids.has(String(id)))
  assert.deepEqual(unheard, [], 'a notice that was refused is taken for delivered')
}

/** The log tells of every version that went live or failed, and before that it began, also where somebody died in between. */
export function checkStory({ store, story }: World): void {
  const sql = `select version as n, iif(status = 'failed', 'fail-failed', 'cutover-done') as last from versions
    where status = 'failed' or exists (select 1 from json_each(record, '$.steps')
      where value ->> 'step' = 'cutover' and value ->> 'state' = 'done')`
  for (const { n, last } of store.database.all(sql)) {
    const [begun, ended] = [story.get(`v${n}/begun`), story.get(`v${n}/${last}`)]
    assert.ok(begun && ended && begun.at <= ended.at, `the log does not tell of v${n} (${last})`)
  }
}
