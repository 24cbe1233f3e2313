import type { CallStore } from '../../../../control/call-store-port.ts'
import { fromCursor, toCursor } from '../../../../control/cursor.ts'
import type { Call } from '../../../../control/model.ts'
import type { Page, Paged } from '../../../../control/paging.ts'
import type { AppKey } from '../../../../protocol/names.ts'
import { paged } from '../dynamodb/pages.ts'
import { list } from '../dynamodb/query.ts'
import { readAll } from '../dynamodb/read.ts'
import { type CallEntity, toCall } from '../items/call.ts'
import { partitionOf } from '../items/places.ts'

/** Calls that are looked at for one page, where few of them fit: the next page goes on from there. */
const MOST_EXAMINED = 1000
const AT_ONCE = 100
/** After every id, and before. */
const END = '~'
const BEGIN = ' '

type Filter = Parameters<CallStore['calls']>[1]

/** Newest first. Whether a call fits is told by the call itself, except for its function, which never changes. */
export async function listCalls(
  calls: CallEntity,
  key: AppKey,
  filter: Filter,
  page: Page,
): Promise<Paged<Call>> {
  const partition = partitionOf(key)
  let before = page.cursor === undefined ? END : fromCursor('calls', page.cursor)
  const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined)
  const step = isFiltered ? AT_ONCE : Math.min(AT_ONCE, page.limit + 1)
  const found: Call[] = []
  for (let examined = 0; examined < MOST_EXAMINED; ) {
    const keys = await list(
      calls.table,
      { index: 'recent', partition, range: { lt: before } },
      { reverse: true, limit: step },
    )
    const candidates = keys.filter(
      (item) => filter.function === undefined || item.function === filter.function,
    )
    found.push(
      ...(await fitting(
        calls,
        candidates.map(({ id }) => String(id)),
        filter,
      )),
    )
    if (found.length > page.limit) return paged(found, page, ({ id }) => toCursor('calls', id))
    if (keys.length < step) return { items: found }
    examined += keys.length
    before = String(keys.at(-1)?.id)
  }
  return { items: found, cursor: toCursor('calls', before) }
}

/** Oldest first. */
export async function listChildren(calls: CallEntity, parent: string, page: Page): Promise<Paged<Call>> {
  const after = page.cursor === undefined ? BEGIN : fromCursor('calls', page.cursor)
  const query = { index: 'children', partition: parent, range: { gt: after } }
  const keys = await list(calls.table, query, { limit: page.limit + 1 })
  const children = await readAll(
    calls,
    keys.map(({ id }) => ({ id: String(id) })),
  )
  const inOrder = children.map(toCall).sort((a, b) => (a.id < b.id ? -1 : 1))
  return paged(inOrder, page, ({ id }) => toCursor('calls', id))
}

async function fitting(calls: CallEntity, ids: string[], { status, version }: Filter): Promise<Call[]> {
  const items = await readAll(
    calls,
    ids.map((id) => ({ id })),
  )
  return items
    .map(toCall)
    .filter((call) => status === undefined || call.status === status)
    .filter((call) => version === undefined || call.version === version)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}
