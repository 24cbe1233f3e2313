import type { AcceptCall, CallStore } from '../../../control/call-store-port.ts'
import type { Call, CallDraft, Demand } from '../../../control/model.ts'
import { isTerminal, NONE_LIVE } from '../../../control/model.ts'
import { callLists } from './call-lists.ts'
import type { Database, Row } from './database.ts'
import { insertNotice } from './notices.ts'
import { toCall } from './rows.ts'
import { RUNNING_IN } from './running.ts'

const KEY = 'env = $env and app = $app'
/** Of requests that wait for whatever version is live: part of a key, which cannot be null. */
const NO_PIN = 0

export function callStore(db: Database): CallStore {
  const read = (id: string): Call | undefined => {
    const row = db.get('select * from calls where id = $id', { id })
    return row && toCall(row)
  }

  return {
    acceptCall: async (draft) => db.transaction(() => acceptCall(db, draft)),

    call: async (id) => read(id),

    callByKey: async ({ env, app }, idempotencyKey) => byKey(db, { env, app }, idempotencyKey),

    ...callLists(db),

    claimCall: async (id, container, lease, at) =>
      db.transaction(() => {
        const claimed = db.get(
          `update calls set status = 'running', container = $container, version = $version, lease = $lease,
             attempts = attempts + 1, started_at = $at
           where id = $id and status = 'pending' and available_at <= $at and function = $function and ${KEY}
             and (pin = $version or pin is null and accepted_version <= $version
                  and $version = (select live_version from apps where ${KEY}))
             and exists (select 1 from containers where id = $container and state = 'ready')
           returning *`,
          {
            id,
            container: container.id,
            version: container.version,
            function: container.function,
            env: container.env,
            app: container.app,
            lease,
            at,
          },
        )
        if (claimed)
          db.run('update containers set idle_since = null where id = $id and idle_since is not null', {
            id: container.id,
          })
        return claimed && toCall(claimed)
      }),

    finishCall: async (id, lease, end) =>
      db.transaction(() => {
        const left = db.get(
          `update calls set status = $status, result = $result, error = $error, ended_at = $at,
             failures = failures + ($status <> 'succeeded')
           where id = $id and lease = $lease and status = 'running' returning container`,
          {
            id,
            lease,
            status: end.status,
            result: end.result && JSON.stringify(end.result),
            error: end.error && JSON.stringify(end.error),
            at: end.at,
          },
        )
        if (left) insertNotice(db, end.notice)
        return leave(db, left, end.at)
      }),

    releaseCall: async (id, lease, again) =>
      leave(
        db,
        db.get(
          `update calls set status = 'pending', container = null, version = null, lease = null, error = $error,
             available_at = $availableAt, failures = failures + $failed
           where id = $id and lease = $lease and status = 'running' returning $container as container`,
          {
            id,
            lease,
            container: read(id)?.container,
            error: JSON.stringify(again.error),
            availableAt: again.availableAt,
            failed: Number(again.failed),
          },
        ),
        again.at,
      ),

    cancelCall: async (id, at, error) =>
      db.transaction(() => {
        const before = read(id)
        if (before && !isTerminal(before.status)) {
          db.run(`update calls set status = 'cancelled', ended_at = $at, error = $error where id = $id`, {
            id,
            at,
            error: JSON.stringify(error),
          })
        }
        return before
      }),

    failCall: async (id, error, at, notice) =>
      db.transaction(() => {
        const failed = db.run(
          `update calls set status = 'failed', error = $error, ended_at = $at where id = $id and status = 'pending'`,
          { id, at, error: JSON.stringify(error) },
        )
        if (failed > 0) insertNotice(db, notice)
        return failed > 0
      }),

    runningCalls: async (container) =>
      db
        .all(`select k.* from containers c join calls k on ${RUNNING_IN} where c.id = $container`, {
          container,
        })
        .map(toCall),

    callsInFlight: async (containers) =>
      db
        .all(
          `select c.id as container, count(*) as calls, min(k.started_at) as oldest
           from json_each($containers) j join containers c on c.id = j.value join calls k on ${RUNNING_IN} group by c.id`,
          { containers: JSON.stringify(containers) },
        )
        .map(({ container, calls, oldest }) => ({
          container: String(container),
          calls: Number(calls),
          oldest: Number(oldest),
        })),

    demand: async (key, at) => demand(db, { env: key.env, app: key.app }, at),

    pendingCalls: async ({ env, app }, name, pin, limit) =>
      db
        .all(
          `select * from calls indexed by calls_waiting
           where status = 'pending' and ${KEY} and ($name is null or function = $name and pin is $pin)
           order by id limit $limit`,
          { env, app, name, pin, limit },
        )
        .map(toCall),

    overdueCalls: async (since, limit) =>
      db
        .all(
          `select * from calls where status = 'pending' and available_at <= $since order by available_at limit $limit`,
          {
            since,
            limit,
          },
        )
        .map(toCall),

    pinCalls: async ({ env, app }, name, version) => {
      db.run(
        `update calls set pin = $version where status = 'pending' and ${KEY} and function = $name and pin is null`,
        { env, app, name, version },
      )
    },

    setWaiting: async ({ env, app, function: name, pin = NO_PIN }, waiting) => {
      db.run(
        `insert into waiting (env, app, function, pin, waiting) values ($env, $app, $name, $pin, $waiting)
         on conflict do update set waiting = $waiting`,
        { env, app, name, pin, waiting },
      )
    },

    hasActiveScheduledCall: async ({ env, app }, name) =>
      db.get(
        `select 1 from calls where source = 'schedule' and status in ('pending', 'running') and ${KEY}
         and function = $name limit 1`,
        { env, app, name },
      ) !== undefined,
  }
}

function acceptCall(db: Database, draft: CallDraft): AcceptCall {
  const key = { env: draft.env, app: draft.app }
  const known = draft.idempotencyKey === undefined ? undefined : byKey(db, key, draft.idempotencyKey)
  if (known) return { kind: 'duplicate', call: known }
  const app = db.get(`select state, live_version from apps where ${KEY}`, key)
  const live = app?.live_version ?? NONE_LIVE
  if (app?.state !== 'deployed' || live !== draft.acceptedVersion) return { kind: 'moved' }
  const call: Call = { ...draft, status: 'pending', attempts: 0, failures: 0, availableAt: draft.createdAt }
  db.run(
    `insert into calls (id, env, app, function, status, accepted_version, pin, source, by, parent, args, fingerprint,
       idempotency_key, attempts, failures, available_at, created_at)
     values ($id, $env, $app, $function, 'pending', $acceptedVersion, $pin, $source, $by, $parent, $args, $fingerprint,
       $idempotencyKey, 0, 0, $createdAt, $createdAt)`,
    { ...key, ...draft, args: JSON.stringify(draft.args) },
  )
  return { kind: 'accepted', call }
}

function byKey(db: Database, key: { env: string; app: string }, idempotencyKey: string): Call | undefined {
  const sql = `select * from calls where ${KEY} and idempotency_key = $idempotencyKey`
  const row = db.get(sql, { ...key, idempotencyKey })
  return row && toCall(row)
}

/** Notes since when the container that a call left has had nothing to do. */
function leave(db: Database, left: Row | undefined, at: number): boolean {
  if (!left) return false
  db.run(
    `update containers as c set idle_since = $at where id = $container
     and not exists (select 1 from calls k where ${RUNNING_IN})`,
    { container: left.container ?? undefined, at },
  )
  return true
}

function demand(db: Database, key: { env: string; app: string }, at: number): Demand[] {
  const found = new Map<string, Demand>()
  const of = (row: Row): Demand => {
    const name = String(row.function)
    const pin = row.pin === null || row.pin === undefined ? undefined : Number(row.pin)
    const id = `${name}@${pin}`
    const entry = found.get(id) ?? {
      function: name,
      ...(pin !== undefined && { pin }),
      pending: 0,
      running: 0,
      waiting: 0,
    }
    found.set(id, entry)
    return entry
  }
  const pending = `select function, pin, count(*) filter (where available_at <= $at) as due,
      min(available_at) filter (where available_at > $at) as next
    from calls where status = 'pending' and ${KEY} group by function, pin`
  for (const row of db.all(pending, { ...key, at })) {
    Object.assign(of(row), {
      pending: Number(row.due),
      ...(row.next !== null && { nextDueAt: Number(row.next) }),
    })
  }
  const running = `select function, pin, count(*) as n from calls indexed by calls_running
    where status = 'running' and ${KEY} group by function, pin`
  for (const row of db.all(running, key)) of(row).running = Number(row.n)
  const waiting = `select function, nullif(pin, ${NO_PIN}) as pin, waiting from waiting where ${KEY} and waiting > 0`
  for (const row of db.all(waiting, key)) {
    of(row).waiting = Number(row.waiting)
  }
  return [...found.values()]
}
