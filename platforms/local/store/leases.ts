import type { LeaseStore } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import type { Database } from './database.ts'
import { toApp } from './rows.ts'

const KEY = 'env = $env and app = $app'

export function leaseStore(db: Database): LeaseStore {
  return {
    renewLease: async ({ env, app }, until) =>
      db.transaction(() => {
        db.run(
          `update apps set lease_until = max(lease_until, $until)
           where ${KEY} and state = 'deployed' and lease_until is not null`,
          { env, app, until },
        )
        const row = db.get(`select * from apps where ${KEY}`, { env, app })
        return row && toApp(row)
      }),
  }
}

/** To be called within the transaction of a deploy: one without a lease makes the app one that stays. */
export function writeLease(db: Database, { env, app }: AppKey, leaseUntil: number | undefined): void {
  db.run(`update apps set lease_until = $leaseUntil where ${KEY}`, { env, app, leaseUntil })
}
