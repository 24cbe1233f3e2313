import type { LeaseStore } from '../../../../control/store-port.ts'
import { toApp } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { changeApp } from './change.ts'

export function leases({ apps }: DeployItems): LeaseStore {
  return {
    renewLease: async (key, until) => {
      const { outcome } = await changeApp(apps, key, (app) => {
        if (app?.state !== 'deployed' || app.leaseUntil === undefined) return { outcome: app && toApp(app) }
        const next = { ...app, leaseUntil: Math.max(app.leaseUntil, until) }
        return { outcome: toApp(next), next }
      })
      return outcome
    },
  }
}
