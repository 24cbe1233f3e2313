import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $add, $append } from 'dynamodb-toolbox/entity/actions/update/symbols'
import { keyOf } from '../../../../control/model.ts'
import { outlasting } from '../../../../control/overrides.ts'
import type { AppStore } from '../../../../control/store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { entryPuts } from '../audit.ts'
import type { Write } from '../dynamodb/transaction.ts'
import { update } from '../dynamodb/update.ts'
import { type AppItem, rollingOf, stagedOf, versionSet } from '../items/app.ts'
import type { DeployItems } from '../items/deploy.ts'
import type { VersionEntity } from '../items/version.ts'
import { noticePuts } from '../notices/deliveries.ts'
import { beginVersion } from './begin-version.ts'
import { changeApp } from './change.ts'
import { release } from './labels.ts'

export type Rollouts = Pick<AppStore, 'beginVersion' | 'recordStep' | 'cutOver' | 'endRollout' | 'settle'>

/** Each is decided on the app as it is, and written together with it. */
export function rollouts(items: DeployItems): Rollouts {
  const { apps, versions, labels, entries, notices } = items
  return {
    beginVersion: (draft, labels, expectVersion, entry) =>
      beginVersion(items, { draft, labels, expectVersion, entry }),

    recordStep: async ({ env, app }, version, step) => {
      const name = `${step.step} ${step.state}`
      await update(
        versions,
        { env, app, version, steps: $append([step]), noted: $add(new Set([name])) },
        { and: [{ attr: 'status', exists: true }, { not: { attr: 'noted', contains: name } }] },
      )
    },

    cutOver: async (key, number, at, entry, { endings, untried } = {}) => {
      const { outcome, refused } = await changeApp(apps, key, (app) => {
        const rolling = app ? rollingOf(app) : []
        if (app?.state !== 'deployed' || !rolling.includes(number) || (app.liveVersion ?? 0) >= number)
          return { outcome: false }
        const { liveVersion: previous } = app
        return {
          outcome: true,
          next: {
            ...app,
            liveVersion: number,
            rolling: without(rolling, number),
            autoscaler: outlasting(app.autoscaler, endings),
          },
          writes: [
            versions
              .build(UpdateTransaction)
              .item({ ...keyOf(key), version: number, status: 'live', liveAt: at })
              .options({ condition: untried ? { and: [ROLLING, UNTRIED] } : ROLLING }),
            ...(previous === undefined ? [] : [supersede(versions, key, previous)]),
            ...entryPuts(entries, entry),
          ],
        }
      })
      return outcome && refused.length === 0
    },

    endRollout: async (key, number, { notice, ...end }, entry) => {
      const { outcome, refused } = await changeApp(apps, key, (app) => {
        const open = app ? [...stagedOf(app), ...rollingOf(app)] : []
        if (!app || !open.includes(number)) return { outcome: false }
        const isLast = app.liveVersion === undefined && open.length === 1
        const released = isLast ? release(labels, app) : { labels: app.labels, writes: [] }
        return {
          outcome: true,
          // The labels that only this version wanted are let go when the live one is settled anew; or now, if there is none.
          next: {
            ...app,
            settledVersion: undefined,
            ...ended(app, number),
            labels: released.labels,
          },
          writes: [
            versions
              .build(UpdateTransaction)
              .item({ ...keyOf(key), version: number, ...end })
              .options({ condition: { attr: 'status', in: ['rolling', 'staged'] } }),
            ...released.writes,
            ...entryPuts(entries, entry),
            ...noticePuts(notices, notice),
          ],
        }
      })
      return outcome && refused.length === 0
    },

    settle: async (key, { version, stagings }, kept) => {
      await changeApp(apps, key, (app) => {
        const isVoid = app?.liveVersion !== version || (app.stagings ?? 0) !== stagings
        if (isVoid || rollingOf(app).length > 0) return { outcome: undefined }
        const { labels: left, writes } = release(labels, app, kept)
        if (app.settledVersion === version && writes.length === 0) return { outcome: undefined }
        return { outcome: undefined, next: { ...app, labels: left, settledVersion: version }, writes }
      })
    },
  }
}

const ROLLING = { attr: 'status', eq: 'rolling' } as const
/** As `recordStep` notes it. */
const UNTRIED = { not: { attr: 'noted', contains: 'start running' } } as const

const without = (numbers: number[], gone: number): Set<number> | undefined =>
  versionSet(numbers.filter((number) => number !== gone))

/** The version is neither on its way nor staged any more. */
function ended(app: AppItem, version: number): Pick<AppItem, 'rolling' | 'staged' | 'stagings'> {
  const staged = stagedOf(app)
  if (!staged.includes(version)) return { rolling: without(rollingOf(app), version) }
  return { staged: without(staged, version), stagings: (app.stagings ?? 0) + 1 }
}

export function supersede(versions: VersionEntity, key: AppKey, version: number): Write {
  return versions.build(UpdateTransaction).item({ ...keyOf(key), version, status: 'superseded' })
}
