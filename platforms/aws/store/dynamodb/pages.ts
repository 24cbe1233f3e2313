import type { Page, Paged } from '../../../../control/paging.ts'

/** Cuts what was found to the page. To be found is one item more than the page holds, which tells whether there is a next. */
export function paged<Item>(found: Item[], { limit }: Page, cursorOf: (item: Item) => string): Paged<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return found.length > limit && last !== undefined ? { items, cursor: cursorOf(last) } : { items }
}
