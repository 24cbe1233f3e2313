import type { DatabaseSync } from 'node:sqlite'

/** Applied in order, each once, and never edited after a release: a change is a further entry. */
const MIGRATIONS: readonly string[] = [
  `
  create table apps (
    env text not null, app text not null, state text not null, last_version integer not null,
    live_version integer, settled_version integer, created_at integer not null, stopped_at integer,
    stopped_by text, stop_reason text, stop_deadline integer, primary key (env, app)
  ) strict, without rowid;

  create table versions (
    env text not null, app text not null, version integer not null, status text not null, record text not null,
    manifest text not null, primary key (env, app, version)
  ) strict;
  create index versions_rolling on versions (env, app) where status = 'rolling';

  create table labels (
    label text primary key, env text not null, app text not null, function text not null
  ) strict, without rowid;
  create index labels_by_app on labels (env, app);

  create table containers (
    id text primary key, env text not null, app text not null, function text not null, version integer not null,
    state text not null, address text, requests integer not null, started_at integer not null,
    launched integer not null, ready_at integer, seen_at integer not null, idle_since integer, drain_deadline integer,
    stopped_at integer, reason text, failure text
  ) strict, without rowid;
  create index containers_by_app on containers (env, app, function) where state <> 'stopped';
  create index containers_stopped on containers (env, app, stopped_at) where state = 'stopped';
  create index containers_failed on containers (env, app, version, stopped_at) where state = 'stopped' and failure is not null;
  create index containers_by_sign_of_life on containers (seen_at) where state <> 'stopped';

  create table calls (
    id text primary key, env text not null, app text not null, function text not null, status text not null,
    accepted_version integer not null, pin integer, source text not null, args text not null,
    fingerprint text not null, idempotency_key text, result text, error text, attempts integer not null,
    failures integer not null, available_at integer not null, container text, version integer, lease text,
    created_at integer not null, started_at integer, ended_at integer
  ) strict, without rowid;
  create index calls_by_app on calls (env, app, id);
  create index calls_waiting on calls (env, app, function, pin, available_at) where status = 'pending';
  create index calls_due on calls (available_at) where status = 'pending';
  create index calls_running on calls (container) where status = 'running';
  create index calls_running_by_app on calls (env, app, function) where status = 'running';
  create index calls_scheduled on calls (env, app, function) where source = 'schedule' and status in ('pending', 'running');
  create unique index calls_idempotent on calls (env, app, idempotency_key) where idempotency_key is not null;

  create table waiting (
    env text not null, app text not null, function text not null, waiting integer not null,
    primary key (env, app, function)
  ) strict, without rowid;

  create table tokens (hash text primary key, name text not null, created_at integer not null) strict, without rowid;

  create table timetable (
    env text not null, app text not null, function text not null, schedule text not null, anchor integer not null,
    last_slot integer, primary key (env, app, function)
  ) strict, without rowid;
  `,
  `
  create table audit (id text primary key, env text not null, app text, record text not null) strict, without rowid;
  create index audit_by_environment on audit (env, id);
  create index audit_by_app on audit (env, app, id);
  `,
  `
  create table tokens_with_roles (
    hash text primary key, id text not null unique, name text not null, role text not null, env text,
    created_at integer not null, created_by text not null, expires_at integer, revoked_at integer, revoked_by text
  ) strict, without rowid;
  insert into tokens_with_roles (hash, id, name, role, created_at, created_by)
    select hash, 'to-' || substr(hash, 1, 26), name, 'admin', created_at, name from tokens;
  drop table tokens;
  alter table tokens_with_roles rename to tokens;
  `,
  `
  alter table containers add column cpu real;
  alter table containers add column memory integer;
  alter table containers add column draining_at integer;
  alter table containers add column reported integer;

  create table usage (
    env text not null, app text not null, step text not null, at integer not null, function text not null,
    version integer not null, counts text not null, primary key (env, app, step, at, function, version)
  ) strict, without rowid;
  create index usage_by_age on usage (step, at);

  create table lives (
    id text primary key, env text not null, app text not null, function text not null, version integer not null,
    cpu real, memory integer, started_at integer not null, ready_at integer, draining_at integer,
    stopped_at integer not null
  ) strict, without rowid;
  create index lives_by_app on lives (env, app, stopped_at);
  create index lives_by_age on lives (stopped_at);
  `,
  `
  create table schedules (
    env text not null, app text not null, function text not null, version integer not null, schedule text,
    anchor integer, phases text not null, expected_at integer, paused_at integer, paused_by text, pause_reason text,
    resumed_at integer, primary key (env, app, function)
  ) strict, without rowid;
  create index schedules_expected on schedules (expected_at) where expected_at is not null;
  insert into schedules (env, app, function, version, schedule, anchor, phases)
    select env, app, function, 0, schedule, anchor,
      case schedule ->> 'type'
        when 'period' then json_array(json_object('seconds', schedule ->> 'seconds', 'anchor', anchor)) else '[]' end
    from timetable;

  create table firings (
    env text not null, app text not null, function text not null, slot integer not null, run text not null,
    at integer not null, outcome text not null, call text, by text, reason text, forget_at integer not null,
    primary key (env, app, function, slot, run)
  ) strict, without rowid;
  create index firings_forgotten on firings (env, app, function, forget_at);
  `,
  `
  alter table apps add column autoscaler text;
  `,
  `
  create table environments (
    name text primary key, created_at integer not null, created_by text not null, is_closed integer not null
  ) strict, without rowid;
  insert into environments (name, created_at, created_by, is_closed)
    select env, min(created_at), 'sluice', 0 from apps where env <> 'main' group by env;

  create table secrets (
    env text not null, name text not null, last_version integer not null, deleted_through integer, version integer,
    variables text, written_at integer, written_by text, primary key (env, name)
  ) strict, without rowid;
  create table secret_versions (
    env text not null, name text not null, version integer not null, begun_at integer not null, variables text,
    written_at integer, written_by text, primary key (env, name, version)
  ) strict, without rowid;
  create table secret_values (
    env text not null, name text not null, version integer not null, sealed blob not null,
    primary key (env, name, version)
  ) strict;
  `,
  `
  alter table apps add column lease_until integer;
  `,
  `
  alter table apps add column collect_at integer;
  alter table apps add column collected_at integer;
  create index calls_ended on calls (ended_at) where ended_at is not null;
  create table condemned (
    hash text primary key, condemned_at integer not null, removed_until integer
  ) strict, without rowid;
  `,
  `
  create table channels (
    env text not null, name text not null, id text not null, record text not null, primary key (env, name)
  ) strict, without rowid;
  create table notices (id text primary key, record text not null, due_at integer) strict, without rowid;
  create index notices_due on notices (due_at) where due_at is not null;
  create table deliveries (
    notice text not null, channel text not null, env text not null, channel_id text not null,
    created_at integer not null, attempts integer not null, due_at integer, primary key (notice, channel)
  ) strict, without rowid;
  create index deliveries_due on deliveries (due_at) where due_at is not null;
  `,
  `
  alter table apps add column staged text;
  alter table apps add column stagings integer not null default 0;
  create index versions_staged on versions (env, app) where status = 'staged';
  alter table containers add column apart integer;
  drop table waiting;
  create table waiting (
    env text not null, app text not null, function text not null, pin integer not null, waiting integer not null,
    primary key (env, app, function, pin)
  ) strict, without rowid;
  `,
  `
  create index notices_by_age on notices (record ->> 'at') where due_at is null;
  create index deliveries_by_age on deliveries (created_at) where due_at is null;
  `,
  `
  alter table tokens add column kind text;
  alter table tokens add column parent text;
  create index tokens_by_kind on tokens (kind, id);
  create table session_codes (
    hash text primary key, name text not null, role text not null, env text, parent text, parent_expires_at integer,
    created_at integer not null, expires_at integer not null, used_at integer
  ) strict, without rowid;
  `,
  `
  alter table calls add column by text;
  alter table calls add column parent text;
  create index calls_by_parent on calls (parent, id) where parent is not null;
  create index calls_by_function on calls (env, app, function, id);
  create index calls_by_version on calls (env, app, version, id) where version is not null;
  create index calls_without_success on calls (env, app, status, id)
    where status = 'failed' or status = 'timed_out' or status = 'cancelled';
  create index containers_by_age on containers (env, app, id) where state <> 'stopped';
  `,
  `
  create index tokens_revoked on tokens (revoked_at) where revoked_at is not null;
  create index tokens_expiring on tokens (expires_at) where expires_at is not null;
  create index session_codes_by_age on session_codes (expires_at);
  `,
  'alter table containers add column call_seconds real',
  // Every call pays for each of them, twice or more.
  `
  drop index calls_ended;
  drop index calls_running;
  drop index calls_running_by_app;
  create index calls_running on calls (env, app, function, container) where status = 'running';
  `,
]

/**
 * Brings the database to the newest schema, or to an earlier one.
 * @throws Error where a newer release of Sluice has written it
 */
export function migrate(database: DatabaseSync, schema = MIGRATIONS.length): void {
  const row = database.prepare('pragma user_version').get()
  const at = Number(row?.user_version ?? 0)
  if (at > MIGRATIONS.length) {
    throw new Error(
      `The state folder was written by a newer release of Sluice (schema ${at}, this one knows ${MIGRATIONS.length}). Use that release, or another folder.`,
    )
  }
  for (const [index, sql] of MIGRATIONS.slice(0, schema).entries()) {
    if (index < at) continue
    database.exec(`begin immediate; ${sql}; pragma user_version = ${index + 1}; commit`)
  }
}
