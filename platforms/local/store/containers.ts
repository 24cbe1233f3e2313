import type { Container } from '../../../control/model.ts'
import type { ContainerStore } from '../../../control/store-port.ts'
import { insertEntry } from './audit.ts'
import { containersPage } from './container-pages.ts'
import type { Database } from './database.ts'
import { toContainer } from './rows.ts'
import { RUNNING_IN } from './running.ts'
import { addReport, keepLife } from './usage.ts'

const FAILURES = 20

/** What a container runs is counted where it is true: in the calls themselves. */
const COLUMNS = `c.*, (select count(*) from calls k where ${RUNNING_IN}) as running`

export function containerStore(db: Database): ContainerStore {
  const read = (id: string): Container | undefined => {
    const row = db.get(`select ${COLUMNS} from containers c where id = $id`, { id })
    return row && toContainer(row)
  }

  return {
    reserveContainer: async (container, { expect, max }) =>
      db.transaction(() => {
        const active = db.all(
          `select version, apart from containers
           where env = $env and app = $app and function = $function and state in ('starting', 'ready')`,
          { env: container.env, app: container.app, function: container.function },
        )
        const pool = active.filter((row) => row.version === container.version)
        const rivals = container.apart ? pool : active.filter((row) => row.apart === null)
        if (pool.length !== expect || rivals.length >= max) return false
        insert(db, container)
        return true
      }),

    container: async (id) => read(id),

    containers: async ({ env, app }) =>
      db
        .all(
          `select ${COLUMNS} from containers c where env = $env and app = $app and state <> 'stopped' order by id desc`,
          { env, app },
        )
        .map(toContainer),

    containersPage: async (key, filter, page) =>
      containersPage(
        (where, values) => db.all(`select ${COLUMNS} from containers c where ${where}`, values),
        key,
        filter,
        page,
      ),

    failedContainers: async ({ env, app }, version) =>
      db
        .all(
          `select ${COLUMNS} from containers c where env = $env and app = $app and version = $version
           and state = 'stopped' and failure is not null order by stopped_at desc limit ${FAILURES}`,
          { env, app, version },
        )
        .map(toContainer),

    containerLaunched: async (id) => {
      db.run('update containers set launched = 1 where id = $id', { id })
    },

    containerReady: async (id, address, at) => {
      db.run(
        `update containers set state = 'ready', address = $address, ready_at = $at, seen_at = $at, idle_since = $at
         where id = $id and state = 'starting'`,
        { id, address, at },
      )
      return read(id)
    },

    containerSeen: async (id, requests, at) => {
      see(db, id, requests, at)
      return read(id)
    },

    containerReported: async (container, requests, at, report) =>
      db.transaction(() => {
        const { id } = container
        const isNew = db.run(
          `update containers set reported = $sequence
           where id = $id and state <> 'stopped' and coalesce(reported, 0) < $sequence`,
          { id, sequence: report.sequence },
        )
        if (isNew === 0) return false
        see(db, id, requests, at)
        addReport(db, container, report)
        return true
      }),

    drainContainer: async (id, { deadline, reason, at, failedStart, seenAt }, entry) =>
      db.transaction(() => {
        const begun = db.run(
          `update containers set state = 'draining', drain_deadline = $deadline, draining_at = $at,
             reason = $reason, failure = coalesce(failure, $failure)
           where id = $id and (state = 'starting' or state = 'ready' and $failure is null)
             and seen_at = coalesce($seenAt, seen_at)`,
          { id, deadline, reason, at, seenAt, failure: failedStart && JSON.stringify(failedStart) },
        )
        if (begun > 0) insertEntry(db, entry)
        return begun > 0
      }),

    containerFailed: async (id, failure) => {
      db.run('update containers set failure = $failure where id = $id and failure is null', {
        id,
        failure: JSON.stringify(failure),
      })
    },

    containerStopped: async (id, reason, at) =>
      db.transaction(() => {
        const stopped = db.run(
          `update containers set state = 'stopped', stopped_at = $at, reason = coalesce(reason, $reason), requests = 0
           where id = $id and state <> 'stopped'`,
          { id, reason, at },
        )
        if (stopped > 0) keepLife(db, id, at)
        return stopped > 0
      }),

    silentContainers: async (since) => {
      const silent = db
        .all(`select ${COLUMNS} from containers c where state <> 'stopped' and seen_at < $since`, { since })
        .map(toContainer)
      const heard = db.get(
        `select max(seen_at) at from containers where state <> 'stopped' and seen_at > started_at`,
      )
      return { silent, ...(heard?.at && { heardAt: Number(heard.at) }) }
    },
  }
}

function see(db: Database, id: string, requests: number, at: number): void {
  db.run(
    `update containers as c set seen_at = $at, requests = $requests,
       idle_since = case
         when $requests > 0 or exists (select 1 from calls k where ${RUNNING_IN}) then null
         else coalesce(idle_since, $at) end
     where id = $id and state <> 'stopped'`,
    { id, requests, at },
  )
}

function insert(db: Database, container: Container): void {
  db.run(
    `insert into containers (id, env, app, function, version, state, requests, started_at, launched, seen_at, cpu, memory, call_seconds, apart)
     values ($id, $env, $app, $function, $version, 'starting', 0, $startedAt, 0, $startedAt, $cpu, $memory, $callSeconds, $apart)`,
    {
      id: container.id,
      env: container.env,
      app: container.app,
      function: container.function,
      version: container.version,
      startedAt: container.startedAt,
      cpu: container.cpu,
      memory: container.memory,
      callSeconds: container.callSeconds,
      apart: container.apart && 1,
    },
  )
}
