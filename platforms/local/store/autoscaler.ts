import type { App } from '../../../control/model.ts'
import { patched } from '../../../control/overrides.ts'
import type { AutoscalerStore } from '../../../control/store-port.ts'
import type { AppKey } from '../../../protocol/names.ts'
import { insertEntry } from './audit.ts'
import type { Database } from './database.ts'
import { toApp } from './rows.ts'

export function autoscalerStore(db: Database): AutoscalerStore {
  return {
    changeAutoscaler: async ({ env, app }, { function: name, patch, live }, entry) =>
      db.transaction(() => {
        const row = db.get('select * from apps where env = $env and app = $app', { env, app })
        if (!row) return undefined
        const before = toApp(row)
        if (before.liveVersion !== live) return undefined
        const autoscaler = patched(before.autoscaler, name, patch)
        writeOverrides(db, before, autoscaler)
        insertEntry(db, entry)
        const { autoscaler: _, ...rest } = before
        return { ...rest, ...(autoscaler && { autoscaler }) }
      }),
  }
}

/** To be called within a transaction that has read what was there. */
export function writeOverrides(db: Database, { env, app }: AppKey, overrides: App['autoscaler']): void {
  db.run('update apps set autoscaler = $overrides where env = $env and app = $app', {
    env,
    app,
    overrides: overrides && JSON.stringify(overrides),
  })
}
