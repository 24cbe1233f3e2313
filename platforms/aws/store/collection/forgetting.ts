import { DeleteItemCommand } from 'dynamodb-toolbox/entity/actions/delete'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { isConditionCheckFailed } from 'dynamodb-toolbox/entity/actions/put'
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete'
import type { CollectionStore } from '../../../../control/collection-store-port.ts'
import { keyOf } from '../../../../control/model.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { changeApp } from '../apps/change.ts'
import { entryPut } from '../audit.ts'
import { list } from '../dynamodb/query.ts'
import { read } from '../dynamodb/read.ts'
import { writeAll } from '../dynamodb/transaction.ts'
import type { DeployItems } from '../items/deploy.ts'
import type { EntryEntity } from '../items/entry.ts'
import { numberPlace, partitionOf } from '../items/places.ts'
import { POOLS, type Pools } from '../items/pool.ts'
import { VERSIONS, type VersionEntity } from '../items/version.ts'
import { WAITING, type WaitingEntity } from '../items/waiting.ts'
import { forgetSchedules, type ScheduleItems } from '../schedules/forgetting.ts'

const HAS_ENDED: Condition<VersionEntity> = {
  or: [
    { attr: 'status', eq: 'superseded' },
    { attr: 'status', eq: 'failed' },
  ],
}

type Forgetting = Pick<CollectionStore, 'removeVersion' | 'collectLater' | 'markCollected' | 'forgetApp'>

export interface Belongings extends DeployItems {
  entries: EntryEntity
  pools: Pools
  waiting: WaitingEntity
  scheduled: ScheduleItems
}

export function forgetting(items: Belongings): Forgetting {
  const { apps, versions, manifests, entries } = items
  return {
    removeVersion: async (key, version, entry) => {
      const place = { ...keyOf(key), version }
      const refused = await writeAll(
        versions.build(DeleteTransaction).key(place).options({ condition: HAS_ENDED }),
        manifests.build(DeleteTransaction).key(place),
        entryPut(entries, entry),
      )
      if (!refused) await forgetPools(items, key, numberPlace(version))
      return !refused
    },

    collectLater: async (seen, at) => {
      await changeApp(apps, keyOf(seen), (app) => {
        const outcome = undefined
        if (!app || app.collectAt !== seen.collectAt) return { outcome }
        return { outcome, next: { ...app, collectAt: at } }
      })
    },

    markCollected: async (key, stoppedAt, at, entry) => {
      const { outcome } = await changeApp(apps, key, (app) => {
        if (app?.state !== 'stopped' || app.stoppedAt !== stoppedAt || app.collectedAt !== undefined)
          return { outcome: false }
        const { env, app: name, state, lastVersion, createdAt } = app
        const bare = { env, app: name, state, lastVersion, createdAt, stoppedAt, labels: {} }
        return {
          outcome: true,
          next: { ...bare, collectedAt: at, collectAt: at },
          writes: [entryPut(entries, entry)],
        }
      })
      return outcome
    },

    forgetApp: async (key) => {
      const collected = await read(apps, keyOf(key))
      if (collected?.collectedAt === undefined) return
      await forgetVersions(items, key, collected.lastVersion)
      await forgetPools(items, key)
      await forgetWaiting(items, key)
      await forgetSchedules(items.scheduled, key, collected.collectedAt)
      await changeApp(apps, key, (app) => {
        const outcome = undefined
        if (app?.collectedAt === undefined) return { outcome }
        return { outcome, next: { ...app, collectAt: undefined } }
      })
    },
  }
}

/** Up to this number: the name may be deployed anew meanwhile. */
async function forgetVersions({ versions, manifests }: Belongings, key: AppKey, last: number): Promise<void> {
  const found = await list(
    versions.table,
    {
      partition: partitionOf(key),
      range: { between: [VERSIONS, `${VERSIONS}${numberPlace(last)}`] },
    },
    { consistent: true },
  )
  for (const { version } of found) {
    const place = { ...keyOf(key), version: Number(version) }
    await manifests.build(DeleteItemCommand).key(place).send()
    await versions.build(DeleteItemCommand).key(place).send()
  }
}

/** Those that are empty; of one version only, where `suffix` is its place. */
async function forgetPools({ pools, versions }: Belongings, key: AppKey, suffix = ''): Promise<void> {
  const query = { partition: partitionOf(key), range: { beginsWith: POOLS } }
  const condition = { attr: 'active', eq: 0 } as const
  for (const { item, function: name, version } of await list(versions.table, query)) {
    if (!String(item).endsWith(suffix)) continue
    const place = { ...keyOf(key), function: String(name) }
    const command =
      version === undefined
        ? pools.ofFunction.build(DeleteItemCommand).key(place).options({ condition })
        : pools.ofVersion
            .build(DeleteItemCommand)
            .key({ ...place, version: Number(version) })
            .options({ condition })
    await command.send().catch((error: unknown) => {
      if (!isConditionCheckFailed(error)) throw error
    })
  }
}

async function forgetWaiting({ waiting }: Belongings, key: AppKey): Promise<void> {
  const query = { partition: partitionOf(key), range: { beginsWith: WAITING } }
  for (const { function: name, pin } of await list(waiting.table, query)) {
    await waiting
      .build(DeleteItemCommand)
      .key({ ...keyOf(key), function: String(name), pin: Number(pin) })
      .send()
  }
}
