import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { CallStore } from '../../../control/call-store-port.ts'
import type { CollectionStore } from '../../../control/collection-store-port.ts'
import type { ScheduleStore } from '../../../control/schedule-store-port.ts'
import type { SecretStore } from '../../../control/secret-store-port.ts'
import type {
  AppStore,
  AutoscalerStore,
  ContainerStore,
  LeaseStore,
  Store,
} from '../../../control/store-port.ts'
import type { Settings } from '../settings.ts'
import { appReads } from './apps/apps.ts'
import { autoscalers } from './apps/autoscaler.ts'
import { leases } from './apps/leases.ts'
import { rollouts } from './apps/rollouts.ts'
import { stops } from './apps/stops.ts'
import { versionReads } from './apps/versions.ts'
import { auditStore } from './audit.ts'
import { accepting } from './calls/accept.ts'
import { claiming } from './calls/claim.ts'
import { demands } from './calls/demand.ts'
import { callsInFlight, callsOf } from './calls/holds.ts'
import { listCalls, listChildren } from './calls/list.ts'
import { outcomes } from './calls/outcomes.ts'
import { pending } from './calls/pending.ts'
import { condemnations } from './collection/condemned.ts'
import { forgetting } from './collection/forgetting.ts'
import { containerLists } from './containers/lists.ts'
import { containerLives } from './containers/lives.ts'
import { connect } from './dynamodb/connection.ts'
import { type Database, openDatabase } from './dynamodb/database.ts'
import { read } from './dynamodb/read.ts'
import { environmentStore } from './environments.ts'
import { appEntity } from './items/app.ts'
import { callEntity, toCall } from './items/call.ts'
import { channelEntity } from './items/channel.ts'
import { condemnedEntity } from './items/condemned.ts'
import { containerEntity } from './items/container.ts'
import type { DeployItems } from './items/deploy.ts'
import { entryEntity } from './items/entry.ts'
import { environmentEntity } from './items/environment.ts'
import { idempotencyEntity } from './items/idempotency-key.ts'
import { labelEntity } from './items/label.ts'
import { lifeEntity } from './items/life.ts'
import { deliveryEntity, noticeEntity } from './items/notice.ts'
import { functionPoolEntity, type Pools, versionPoolEntity } from './items/pool.ts'
import { firingEntity, scheduleEntity } from './items/schedule.ts'
import { secretEntity, secretVersionEntity } from './items/secret.ts'
import { manifestEntity, versionEntity } from './items/version.ts'
import { waitingEntity } from './items/waiting.ts'
import { channelStore } from './notices/channels.ts'
import { deliveryStore } from './notices/deliveries.ts'
import { firingRecords } from './schedules/firings.ts'
import { scheduleRecords } from './schedules/schedules.ts'
import { secretPins } from './secrets/pins.ts'
import { secretReads, secretWrites } from './secrets/secrets.ts'
import { tokenStore } from './tokens.ts'
import { usageStore } from './usage/usage.ts'

/** The store in DynamoDB. Nothing is scanned, and nothing is written without the condition that it depends on. */
export function makeStore(settings: Settings, client?: DynamoDBClient): Store {
  const database = openDatabase(settings, connect(client))
  return {
    ...appStore(database),
    ...containerStore(database),
    ...callStore(database),
    ...usageStore(database),
    ...tokenStore(database.tokens, entryEntity(database.history)),
    ...collectionStore(database),
    ...auditStore(entryEntity(database.history)),
    ...scheduleStore(database),
    ...environmentStore(environmentEntity(database.environments), entryEntity(database.history)),
    ...secretStore(database),
    ...channelStore(channelEntity(database.channels), entryEntity(database.history)),
    ...deliveryStore({
      notices: noticeEntity(database.history),
      deliveries: deliveryEntity(database.history),
    }),
    // What DynamoDB has acknowledged it keeps.
    durable: async () => {},
  }
}

const deployItems = ({ apps: table, history, environments }: Database): DeployItems => ({
  apps: appEntity(table),
  versions: versionEntity(table),
  manifests: manifestEntity(table),
  labels: labelEntity(table),
  entries: entryEntity(history),
  environments: environmentEntity(environments),
  secrets: secretEntity(environments),
  notices: noticeEntity(history),
})

function appStore(database: Database): AppStore & AutoscalerStore & LeaseStore {
  const items = deployItems(database)
  const rolling = rollouts(items)
  return {
    ...appReads(items),
    ...versionReads(items),
    ...rolling,
    ...stops(items, rolling),
    ...autoscalers(items),
    ...leases(items),
  }
}

function scheduleStore({ schedules: table, history }: Database): ScheduleStore {
  const entries = entryEntity(history)
  return {
    ...scheduleRecords(scheduleEntity(table), entries),
    ...firingRecords(firingEntity(table), entries),
  }
}

function secretStore({ apps, environments, history }: Database): SecretStore {
  const items = {
    secrets: secretEntity(environments),
    secretVersions: secretVersionEntity(environments),
    entries: entryEntity(history),
  }
  const pins = secretPins(versionEntity(apps))
  return { ...secretReads(items), ...secretWrites(items, pins), ...pins }
}

const poolsIn = ({ apps }: Database): Pools => ({
  ofFunction: functionPoolEntity(apps),
  ofVersion: versionPoolEntity(apps),
})

function collectionStore(database: Database): CollectionStore {
  const waiting = waitingEntity(database.apps)
  const { schedules: table } = database
  const scheduled = { schedules: scheduleEntity(table), firings: firingEntity(table) }
  return {
    ...forgetting({ ...deployItems(database), pools: poolsIn(database), waiting, scheduled }),
    ...condemnations(condemnedEntity(database.collection)),
  }
}

function containerStore(database: Database): ContainerStore {
  const containers = containerEntity(database.containers)
  const entries = entryEntity(database.history)
  const usage = { rows: database.usage, lives: lifeEntity(database.usage) }
  return {
    ...containerLives(containers, poolsIn(database), entries, usage),
    ...containerLists(containers),
  }
}

function callStore(database: Database): CallStore {
  const apps = appEntity(database.apps)
  const calls = callEntity(database.calls)
  const containers = containerEntity(database.containers)
  const keys = idempotencyEntity(database.calls)
  return {
    ...accepting({ apps, calls, keys }),
    ...claiming({ apps, calls, containers }),
    ...outcomes(calls, containers, noticeEntity(database.history)),
    ...pending(calls),
    ...demands({ calls, containers, waiting: waitingEntity(database.apps) }),
    call: async (id) => {
      const item = await read(calls, { id })
      return item && toCall(item)
    },
    calls: (key, filter, page) => listCalls(calls, key, filter, page),
    childCalls: (parent, page) => listChildren(calls, parent, page),
    runningCalls: (container) => callsOf({ calls, containers }, container),
    callsInFlight: (ids) => callsInFlight({ calls, containers }, ids),
  }
}
