import type { AuditEntry } from '../../../control/model.ts'
import type { Firing, ScheduleRecord } from '../../../control/schedule-model.ts'
import type { ScheduleStore } from '../../../control/schedule-store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { insertEntry } from './audit.ts'
import type { Database } from './database.ts'
import { toFiring, toScheduleRecord } from './rows.ts'

const KEY = 'env = $env and app = $app'
const OF_FUNCTION = `${KEY} and function = $function`
/** What tells a run by hand apart from a slot; a slot has none. */
const NO_RUN = ''

export function scheduleStore(db: Database): ScheduleStore {
  const read = ({ env, app }: AppKey, name: string): ScheduleRecord | undefined => {
    const row = db.get(`select * from schedules where ${OF_FUNCTION}`, { env, app, function: name })
    return row && toScheduleRecord(row)
  }

  return {
    schedules: async ({ env, app }) =>
      db.all(`select * from schedules where ${KEY} order by function`, { env, app }).map(toScheduleRecord),

    schedule: async (key, name) => read(key, name),

    setSchedule: async ({ env, app }, turn, wanted) =>
      db.transaction(() => {
        db.run(
          `insert into schedules (env, app, function, version, schedule, anchor, phases, expected_at)
           values ($env, $app, $function, $version, $schedule, $anchor, $phases, $expectedAt)
           on conflict do update set version = excluded.version, schedule = excluded.schedule,
             anchor = excluded.anchor, phases = excluded.phases, expected_at = excluded.expected_at
           where version < excluded.version`,
          {
            env,
            app,
            version: turn,
            function: wanted.function,
            anchor: wanted.anchor,
            expectedAt: wanted.expectedAt,
            schedule: JSON.stringify(wanted.schedule),
            phases: JSON.stringify(wanted.phases),
          },
        )
        const record = read({ env, app }, wanted.function)
        if (!record) throw new Error(`The schedule of ${wanted.function} was not stored`)
        return record
      }),

    dropSchedule: async ({ env, app }, name, turn) => {
      db.run(
        `update schedules set version = $version, schedule = null, anchor = null, expected_at = null
         where ${OF_FUNCTION} and version <= $version`,
        { env, app, function: name, version: turn },
      )
    },

    expectFiring: async ({ env, app }, name, from, next) => {
      db.run(
        `update schedules set expected_at = $next where ${OF_FUNCTION} and schedule is not null
         and coalesce(expected_at, $from) = $from`,
        { env, app, function: name, from, next },
      )
    },

    overdueSchedules: async (since, limit) =>
      db
        .all(`select * from schedules where expected_at <= $since order by expected_at limit $limit`, {
          since,
          limit,
        })
        .map(toScheduleRecord),

    pauseSchedule: async ({ env, app }, name, { at, by, reason }, entry) =>
      db.transaction(() => {
        const paused = db.run(
          `insert into schedules (env, app, function, version, phases, paused_at, paused_by, pause_reason)
           values ($env, $app, $function, 0, '[]', $at, $by, $reason)
           on conflict do update set paused_at = $at, paused_by = $by, pause_reason = $reason, resumed_at = null
           where paused_at is null or resumed_at is not null`,
          { env, app, function: name, at, by, reason },
        )
        return noted(db, paused, entry)
      }),

    resumeSchedule: async ({ env, app }, name, at, entry) =>
      db.transaction(() => {
        const resumed = db.run(
          `update schedules set resumed_at = $at
           where ${OF_FUNCTION} and paused_at is not null and resumed_at is null`,
          { env, app, function: name, at },
        )
        return noted(db, resumed, entry)
      }),

    recordFiring: async (firing, entry) => db.transaction(() => recordFiring(db, firing, entry)),

    firing: async ({ env, app }, name, slot) => {
      const sql = `select * from firings where ${OF_FUNCTION} and slot = $slot and run = $run`
      const row = db.get(sql, { env, app, function: name, slot, run: NO_RUN })
      return row && toFiring(row)
    },

    firings: async ({ env, app }, name, { since, limit }) =>
      db
        .all(
          `select * from firings where ${OF_FUNCTION} and slot >= $since order by slot desc, run desc limit $limit`,
          { env, app, function: name, since, limit },
        )
        .map(toFiring),
  }
}

function noted(db: Database, changes: number, entry: AuditEntry): boolean {
  if (changes > 0) insertEntry(db, entry)
  return changes > 0
}

function recordFiring(db: Database, firing: Firing, entry: AuditEntry | undefined): void {
  const { env, app, function: name, slot, at, outcome, call, by, reason, forgetAt } = firing
  const recorded = db.run(
    `insert into firings (env, app, function, slot, run, at, outcome, call, by, reason, forget_at)
     values ($env, $app, $function, $slot, $run, $at, $outcome, $call, $by, $reason, $forgetAt)
     on conflict do update set at = $at, outcome = $outcome, call = $call, reason = $reason
     where call is null and excluded.call is not null`,
    { env, app, function: name, slot, at, outcome, call, by, reason, forgetAt, run: runOf(firing) },
  )
  if (recorded === 0) return
  insertEntry(db, entry)
  db.run(`delete from firings where ${OF_FUNCTION} and forget_at < $at`, { env, app, function: name, at })
}

const runOf = ({ outcome, call }: Firing): string => (outcome === 'triggered' ? (call ?? '') : NO_RUN)
