import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut'
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate'
import { $get, $remove } from 'dynamodb-toolbox/entity/actions/update/symbols'
import type { Table } from 'dynamodb-toolbox/table'
import { type Container, mayHaveRun } from '../../../../control/model.ts'
import type { ContainerStore } from '../../../../control/store-port.ts'
import { entryPuts } from '../audit.ts'
import { read } from '../dynamodb/read.ts'
import { type Write, writeAll, writeItems } from '../dynamodb/transaction.ts'
import type { Written } from '../dynamodb/update.ts'
import { update } from '../dynamodb/update.ts'
import { type ContainerEntity, type ContainerItem, toContainer } from '../items/container.ts'
import { onceStopped, whilePresent } from '../items/container-places.ts'
import type { EntryEntity } from '../items/entry.ts'
import type { LifeEntity } from '../items/life.ts'
import type { Pools } from '../items/pool.ts'
import { additions, expiryOf } from '../usage/rows.ts'
import { join, leave } from './pools.ts'

type ContainerLives = Omit<
  ContainerStore,
  'containers' | 'containersPage' | 'failedContainers' | 'silentContainers'
>

const ACTIVE: Condition<ContainerEntity> = { attr: 'state', in: ['starting', 'ready'] }
const PRESENT: Condition<ContainerEntity> = { attr: 'state', in: ['starting', 'ready', 'draining'] }

/** The counts of its pools change with a container's state, in one step: it is counted for as long as it is active. */
export function containerLives(
  containers: ContainerEntity,
  pools: Pools,
  entries: EntryEntity,
  usage: { rows: Table; lives: LifeEntity },
): ContainerLives {
  return {
    reserveContainer: async (container, limits) => {
      const { env, app, id, function: name, version, startedAt, cpu, memory, callSeconds, apart } = container
      if (apart && limits.expect >= limits.max) return false
      const put = containers
        .build(PutTransaction)
        .item({
          ...whilePresent(container),
          ...{ env, app, id, function: name, version, startedAt, apart },
          state: 'starting',
          requests: 0,
          launched: false,
          seenAt: startedAt,
          claims: 0,
          ...(cpu !== undefined && { cpu }),
          ...(memory !== undefined && { memory }),
          ...(callSeconds !== undefined && { callSeconds }),
        })
        .options({ condition: { attr: 'id', exists: false } })
      return (await writeAll(put, ...join(pools, container, limits))) === undefined
    },

    container: async (id) => {
      const item = await read(containers, { id })
      return item && toContainer(item)
    },

    containerLaunched: async (id) => {
      await update(containers, { id, launched: true }, { attr: 'id', exists: true })
    },

    containerReady: async (id, address, at) =>
      asItIs(
        await update(
          containers,
          { id, state: 'ready', address, readyAt: at, seenAt: at, idleSince: at },
          { attr: 'state', eq: 'starting' },
        ),
      ),

    containerSeen: async (id, requests, at) =>
      asItIs(await update(containers, seen(id, requests, at), PRESENT)),

    containerReported: async (container, requests, at, report) => {
      const { Update } = containers
        .build(UpdateTransaction)
        .item({ ...seen(container.id, requests, at), reported: report.sequence })
        .options({ condition: { and: [PRESENT, isAfter(report.sequence)] } })
        .params()
      const added = additions(usage.rows.getName(), container, report)
      return (await writeItems(usage.rows.getDocumentClient(), [{ Update }, ...added])) === undefined
    },

    containerFailed: async (id, failure) => {
      await update(
        containers,
        { id, failure, failedIn: $get('ofVersion') },
        {
          and: [
            { attr: 'id', exists: true },
            { attr: 'failure', exists: false },
          ],
        },
      )
    },

    drainContainer: async (id, { deadline, reason, at, failedStart, seenAt }, entry) => {
      const container = await read(containers, { id })
      if (!container || !isActive(container)) return false
      if (failedStart && container.state === 'ready') return false
      const from: Condition<ContainerEntity> = failedStart ? { attr: 'state', eq: 'starting' } : ACTIVE
      const drain = containers
        .build(UpdateTransaction)
        .item({
          id,
          state: 'draining',
          drainingAt: at,
          drainDeadline: deadline,
          reason,
          ...(failedStart && { failure: container.failure ?? failedStart, failedIn: $get('ofVersion') }),
        })
        .options({ condition: seenAt === undefined ? from : { and: [from, { attr: 'seenAt', eq: seenAt }] } })
      const told = entryPuts(entries, entry)
      return (await writeAll(drain, ...leave(pools, container), ...told)) === undefined
    },

    containerStopped: async (id, reason, at) => {
      for (;;) {
        const container = await read(containers, { id })
        if (!container || container.state === 'stopped') return false
        const stopped = {
          ...onceStopped(container, at),
          id,
          state: 'stopped' as const,
          stoppedAt: at,
          reason: $get('reason', reason),
          requests: 0,
          presence: $remove(),
        }
        const condition: Condition<ContainerEntity> = isActive(container)
          ? ACTIVE
          : { attr: 'state', eq: 'draining' }
        const stop = containers.build(UpdateTransaction).item(stopped).options({ condition })
        const left = isActive(container) ? leave(pools, container) : []
        if ((await writeAll(stop, ...left, ...keep(usage.lives, container, at))) === undefined) return true
        // It has begun to drain, or stopped, in between.
      }
    },
  }
}

function seen(id: string, requests: number, at: number) {
  return { id, requests, seenAt: at, idleSince: requests > 0 ? $remove() : $get('idleSince', at) }
}

const isAfter = (sequence: number): Condition<ContainerEntity> => ({
  or: [
    { attr: 'reported', exists: false },
    { attr: 'reported', lt: sequence },
  ],
})

function keep(lives: LifeEntity, container: ContainerItem, stoppedAt: number): Write[] {
  if (!mayHaveRun(container)) return []
  const { env, app, id, function: name, version, cpu, memory, startedAt, readyAt, drainingAt } = container
  const life = {
    env,
    app,
    id,
    function: name,
    version,
    cpu,
    memory,
    startedAt,
    readyAt,
    drainingAt,
    stoppedAt,
  }
  return [lives.build(PutTransaction).item({ ...life, expiresAt: expiryOf('hour', stoppedAt) })]
}

const isActive = ({ state }: ContainerItem): boolean => state === 'starting' || state === 'ready'

function asItIs({ item }: Written<ContainerItem>): Container | undefined {
  return item && toContainer(item)
}
