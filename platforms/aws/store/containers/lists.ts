import type { ContainerStore } from '../../../../control/store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { type Keys, list } from '../dynamodb/query.ts'
import { readAll } from '../dynamodb/read.ts'
import { type ContainerEntity, type ContainerItem, toContainer } from '../items/container.ts'
import { failureList, PRESENT, placeIn, STOPPED } from '../items/container-places.ts'
import { containersPage } from './page.ts'

const FAILURES = 20

type ContainerLists = Pick<
  ContainerStore,
  'containers' | 'containersPage' | 'failedContainers' | 'silentContainers'
>

export function containerLists(containers: ContainerEntity): ContainerLists {
  const { table } = containers
  return {
    containers: async (key) => (await presentContainers(containers, key)).sort(byAge).map(toContainer),

    containersPage: (key, filter, page) => containersPage(containers, key, filter, page),

    failedContainers: async (key, version) => {
      const query = { index: 'failed', partition: failureList(key, version), range: { beginsWith: STOPPED } }
      const found = await list(table, query, { reverse: true, limit: FAILURES })
      return (await readThese(containers, found)).sort(byStop).map(toContainer)
    },

    silentContainers: async (since) => {
      const found = await list(table, { index: 'present', partition: PRESENT })
      const present = (await readThese(containers, found)).filter(isPresent)
      const silent = present.filter(({ seenAt }) => seenAt < since).map(toContainer)
      const words = present.flatMap(({ seenAt, startedAt }) => (seenAt > startedAt ? seenAt : []))
      return { silent, ...(words.length > 0 && { heardAt: Math.max(...words) }) }
    },
  }
}

export async function presentContainers(containers: ContainerEntity, key: AppKey): Promise<ContainerItem[]> {
  const query = { index: 'present', partition: PRESENT, range: { beginsWith: placeIn(key) } }
  return (await readThese(containers, await list(containers.table, query))).filter(isPresent)
}

function readThese(containers: ContainerEntity, found: Keys[]): Promise<ContainerItem[]> {
  return readAll(
    containers,
    found.map(({ id }) => ({ id: String(id) })),
  )
}

const isPresent = ({ state }: ContainerItem): boolean => state !== 'stopped'

/** Newest first. */
const byAge = (a: ContainerItem, b: ContainerItem): number => (a.id < b.id ? 1 : -1)
const byStop = (a: ContainerItem, b: ContainerItem): number => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0)
