import type { AppKey } from '../../../protocol/names.ts'
import type { Database } from './database.ts'

/** Apps that a control plane that just started must look at: those that run, roll out, stop, or have work. */
export function unsettledApps(db: Database): AppKey[] {
  return db
    .all(
      `select env, app from apps where state = 'stopping' or live_version is not null and live_version is not settled_version
         or live_version is not null and autoscaler is not null or lease_until is not null and collected_at is null
       union select env, app from versions where status in ('staged', 'rolling')
       union select env, app from containers where state <> 'stopped'
       union select env, app from calls where status = 'pending'
       union select v.env, v.app from versions v, json_each(v.manifest, '$.functions') f
         where v.status = 'live' and (v.manifest ->> '$.rollback' is not null or f.value ->> 'kind' = 'web' or f.value ->> 'minContainers' > 0)`,
    )
    .map((row) => ({ env: String(row.env), app: String(row.app) }))
}
