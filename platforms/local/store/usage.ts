import type { ContainerLife, UsageRow } from '../../../control/model.ts'
import type { UsageStore } from '../../../control/store-port.ts'
import { HOUR_MS, USAGE_KEPT_MS } from '../../../control/usage-policy.ts'
import { addUsage, noUsage, slotOf, type UsageCounts } from '../../../protocol/usage.ts'
import type { UsageReport } from '../../../protocol/usage-report.ts'
import type { Bindings, Database, Row } from './database.ts'
import { toLife } from './rows.ts'

export function usageStore(db: Database): UsageStore {
  return {
    usage: async ({ env, app }, { since, until, by }) =>
      db
        .all(
          `select * from usage where env = $env and app = $app and step = $by and at >= $since and at < $until
           order by at, function, version`,
          { env, app, by, since, until },
        )
        .map(toUsageRow),

    usageOf: async ({ env, app }, { version, since }) => {
      const sum = db.get(
        `select coalesce(sum(counts ->> 'calls' + counts ->> 'requests'), 0) as calls,
           coalesce(sum(counts ->> 'errors' + counts ->> 'serverErrors'), 0) as errors
         from usage where env = $env and app = $app and step = 'slot' and at >= $since and version = $version`,
        { env, app, since: slotOf(since), version },
      )
      return { calls: Number(sum?.calls), errors: Number(sum?.errors) }
    },

    lives: async ({ env, app }, since) =>
      db
        .all('select * from lives where env = $env and app = $app and stopped_at >= $since', {
          env,
          app,
          since,
        })
        .map(toLife),
  }
}

type Member = Pick<ContainerLife, 'env' | 'app' | 'function' | 'version'>

/** Within a transaction. What is too old goes with the first report of a new slot. */
export function addReport(db: Database, member: Member, { sequence, at, ...counts }: UsageReport): void {
  add(db, member, { step: 'slot', at, keptMs: USAGE_KEPT_MS.slot }, counts)
  add(db, member, { step: 'hour', at: at - (at % HOUR_MS), keptMs: USAGE_KEPT_MS.hour }, counts)
}

function add(
  db: Database,
  { env, app, function: name, version }: Member,
  { step, at, keptMs }: { step: string; at: number; keptMs: number },
  counts: UsageCounts,
): void {
  const key: Bindings = { env, app, step, at, name, version }
  const row = db.get(
    `select counts from usage where env = $env and app = $app and step = $step and at = $at
     and function = $name and version = $version`,
    key,
  )
  if (!row) db.run('delete from usage where step = $step and at < $before', { step, before: at - keptMs })
  const sum: UsageCounts = row ? JSON.parse(String(row.counts)) : noUsage()
  addUsage(sum, counts)
  db.run(
    `insert into usage (env, app, step, at, function, version, counts)
     values ($env, $app, $step, $at, $name, $version, $counts)
     on conflict do update set counts = excluded.counts`,
    { ...key, counts: JSON.stringify(sum) },
  )
}

/** Within a transaction. One for which there was no room cost nothing. */
export function keepLife(db: Database, id: string, at: number): void {
  db.run(
    `insert or ignore into lives (id, env, app, function, version, cpu, memory, started_at, ready_at, draining_at, stopped_at)
     select id, env, app, function, version, cpu, memory, started_at, ready_at, draining_at, stopped_at
     from containers where id = $id and (launched = 1 or failure ->> 'kind' is not 'refused')`,
    { id },
  )
  db.run('delete from lives where stopped_at < $before', { before: at - USAGE_KEPT_MS.hour })
}

function toUsageRow(row: Row): UsageRow {
  const counts: UsageCounts = JSON.parse(String(row.counts))
  return { at: Number(row.at), function: String(row.function), version: Number(row.version), ...counts }
}
