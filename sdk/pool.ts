/**
 * Does `work` for every item, at most `limit` of them at a time, taking items only when there is room for them.
 * @returns the results in the order of the items
 * @throws the first failure; what runs then is not waited for, what waits is not begun
 */
export async function inParallel<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const source = eachOnce(items)
  let failed = false
  const worker = async () => {
    for (let next = await source(); !failed && !next.done; next = await source()) {
      results[next.index] = await work(next.value, next.index)
    }
  }
  const workers = Array.from({ length: limit }, () =>
    worker().catch((error) => {
      failed = true
      throw error
    }),
  )
  await Promise.all(workers)
  return results
}

/** Hands out the items with their places, one by one, to however many ask. */
function eachOnce<Item>(items: Iterable<Item> | AsyncIterable<Item>) {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let index = 0
  let turn: Promise<unknown> = Promise.resolve()
  const take = async () => {
    const { done, value } = await iterator.next()
    return done ? ({ done: true } as const) : { done: false as const, value: value as Item, index: index++ }
  }
  return () => {
    const taken = turn.then(take)
    turn = taken.catch(() => undefined)
    return taken
  }
}
