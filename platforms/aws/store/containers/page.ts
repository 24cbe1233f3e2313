import {
  type ContainerPlace,
  containerCursor,
  pageStart,
  partsOf,
} from '../../../../control/container-pages.ts'
import type { Container } from '../../../../control/model.ts'
import type { Page, Paged } from '../../../../control/paging.ts'
import type { ContainerFilter } from '../../../../control/store-port.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { paged } from '../dynamodb/pages.ts'
import { list } from '../dynamodb/query.ts'
import { readAll } from '../dynamodb/read.ts'
import { type ContainerEntity, toContainer } from '../items/container.ts'
import { PRESENT, placeIn, STOPPED, stopPlace } from '../items/container-places.ts'
import { partitionOf } from '../items/places.ts'

/** Containers that are looked at for one page, where few of them fit: the next page goes on from there. */
const MOST_EXAMINED = 1000
const AT_ONCE = 100
/** After every id, and every time. */
const END = '~'

/** A part of the list: an index in which places sort by age. */
interface Part {
  index: 'present' | 'past'
  partition: string
  prefix: string
  /** The place that the page goes on after. */
  before: string
  /** An index is late: what it lists may belong to the other part by now. */
  holds: (container: Container) => boolean
}

export async function containersPage(
  containers: ContainerEntity,
  key: AppKey,
  filter: ContainerFilter,
  page: Page,
): Promise<Paged<Container>> {
  const start = pageStart(page)
  const found: Container[] = []
  let examined = 0
  for (const part of partsFrom(key, filter, start)) {
    for (let { before } = part; found.length <= page.limit; ) {
      const places = await placesFrom(containers, part, before)
      const read = await readAll(
        containers,
        places.map(({ id }) => ({ id })),
      )
      const there = read.map(toContainer).filter((one) => part.holds(one) && fits(one, filter))
      found.push(...there.sort(part.index === 'present' ? byAge : byStop))
      examined += places.length
      const last = places.at(-1)
      if (last === undefined || places.length < AT_ONCE) break
      before = last.place
      if (examined >= MOST_EXAMINED && found.length <= page.limit)
        return { items: found, cursor: containerCursor(placeRead(part, last)) }
    }
  }
  return paged(found, page, containerCursor)
}

function partsFrom(key: AppKey, filter: ContainerFilter, start: ContainerPlace | undefined): Part[] {
  const { present, stopped } = partsOf(filter, start)
  const prefix = placeIn(key)
  const parts: Part[] = []
  if (present)
    parts.push({
      index: 'present',
      partition: PRESENT,
      prefix,
      before: `${prefix}${start?.id ?? END}`,
      holds: ({ state }) => state !== 'stopped',
    })
  if (stopped)
    parts.push({
      index: 'past',
      partition: partitionOf(key),
      prefix: STOPPED,
      before: start?.stoppedAt === undefined ? `${STOPPED}${END}` : stopPlace(start.id, start.stoppedAt),
      holds: ({ state }) => state === 'stopped',
    })
  return parts
}

interface Listed {
  id: string
  place: string
}

async function placesFrom(
  { table }: ContainerEntity,
  { index, partition, prefix }: Part,
  before: string,
): Promise<Listed[]> {
  const range: { between: [string, string] } = { between: [prefix, before] }
  // The one to go on after is there as well, unless it has gone.
  const keys = await list(table, { index, partition, range }, { reverse: true, limit: AT_ONCE + 1 })
  return keys
    .map(({ id, place }) => ({ id: String(id), place: String(place) }))
    .filter(({ place }) => place !== before)
    .slice(0, AT_ONCE)
}

function placeRead({ index }: Part, { id, place }: Listed): ContainerPlace {
  return index === 'present' ? { id } : { id, stoppedAt: Number(place.split('#')[1]) }
}

const fits = ({ function: name, version, state }: Container, filter: ContainerFilter): boolean =>
  name === (filter.function ?? name) &&
  version === (filter.version ?? version) &&
  state === (filter.state ?? state)

const byAge = (a: Container, b: Container): number => (a.id < b.id ? 1 : -1)
const byStop = (a: Container, b: Container): number => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0) || byAge(a, b)
