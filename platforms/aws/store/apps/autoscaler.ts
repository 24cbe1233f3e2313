import { patched } from '../../../../control/overrides.ts'
import type { AutoscalerStore } from '../../../../control/store-port.ts'
import { entryPuts } from '../audit.ts'
import { toApp } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { changeApp } from './change.ts'

export function autoscalers({ apps, entries }: DeployItems): AutoscalerStore {
  return {
    changeAutoscaler: async (key, { function: name, patch, live }, entry) => {
      const { outcome } = await changeApp(apps, key, (app) => {
        if (app?.liveVersion !== live) return { outcome: undefined }
        const next = { ...app, autoscaler: patched(app.autoscaler, name, patch) }
        return { outcome: toApp(next), next, writes: entryPuts(entries, entry) }
      })
      return outcome
    },
  }
}
