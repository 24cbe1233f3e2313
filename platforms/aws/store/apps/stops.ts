import { livesBeyond } from '../../../../control/lease-end.ts'
import { type App, type AuditEntry, keyOf } from '../../../../control/model.ts'
import type { AppStore } from '../../../../control/store-port.ts'
import { entryPuts } from '../audit.ts'
import { type AppItem, rollingOf, stagedOf, toApp } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import { type Change, changeApp } from './change.ts'
import { release } from './labels.ts'
import { type Rollouts, supersede } from './rollouts.ts'

/** Fits one transaction beside the most labels that an app can have, see labels.ts. */
const MOST_ENDED = 7

type Stops = Pick<AppStore, 'beginStop' | 'finishStop'>
type Stop = Parameters<AppStore['beginStop']>[1]

interface Stopped {
  app?: App
  /** Versions to be given up before. */
  before: number[]
}

export function stops(items: DeployItems, { endRollout }: Pick<Rollouts, 'endRollout'>): Stops {
  return {
    beginStop: async (key, stop, entry) => {
      for (;;) {
        const { outcome } = await changeApp(items.apps, key, (app) => begin(items, app, stop, entry))
        if (outcome.before.length === 0) return outcome.app
        for (const version of outcome.before) await endRollout(key, version, { status: 'superseded' })
      }
    },

    finishStop: async (key, entry) => {
      await changeApp(items.apps, key, (app) => {
        const outcome = undefined
        if (app?.state !== 'stopping') return { outcome }
        const next: AppItem = { ...app, state: 'stopped', stopDeadline: undefined }
        return { outcome, next, writes: entryPuts(items.entries, entry) }
      })
    },
  }
}

function begin(
  items: DeployItems,
  app: AppItem | undefined,
  stop: Stop,
  entry: AuditEntry | undefined,
): Change<Stopped> {
  if (!app) return { outcome: { before: [] } }
  const isVoid = app.state !== 'deployed' || (stop.isExpiry && livesBeyond(app, stop.at))
  if (isVoid) return { outcome: { app: toApp(app), before: [] } }
  const [rolling, staged] = [rollingOf(app), stagedOf(app)]
  const open = [...staged, ...rolling]
  // All that roll out but the newest are to be given up anyhow: it has overtaken them.
  if (open.length > MOST_ENDED) return { outcome: { before: [...staged, ...rolling.slice(0, -1)] } }
  const released = release(items.labels, app)
  const next: AppItem = {
    ...app,
    state: 'stopping',
    liveVersion: undefined,
    settledVersion: undefined,
    rolling: undefined,
    staged: undefined,
    stagings: staged.length > 0 ? (app.stagings ?? 0) + 1 : app.stagings,
    labels: released.labels,
    stoppedAt: stop.at,
    stopDeadline: stop.deadline,
    stoppedBy: stop.by,
    stopReason: stop.reason,
  }
  const ended = app.liveVersion === undefined ? open : [app.liveVersion, ...open]
  const superseded = ended.map((version) => supersede(items.versions, keyOf(app), version))
  const writes = [...superseded, ...released.writes, ...entryPuts(items.entries, entry)]
  return { outcome: { app: toApp(next), before: [] }, next, writes }
}
