interface Entry<Item> {
  item: Item
  at: number
  /** Items that are due at the same time come in the order in which they were set. */
  order: number
  index: number
}

/** Items by the time at which they are due, each once: a binary heap in which an item can be moved or removed. */
export class DueHeap<Item> {
  readonly #entries: Entry<Item>[] = []
  readonly #byItem = new Map<Item, Entry<Item>>()
  #order = 0

  get first(): { item: Item; at: number } | undefined {
    return this.#entries[0]
  }

  at(item: Item): number | undefined {
    return this.#byItem.get(item)?.at
  }

  set(item: Item, at: number): void {
    this.delete(item)
    const entry = { item, at, order: this.#order++, index: this.#entries.length }
    this.#byItem.set(item, entry)
    this.#entries.push(entry)
    this.#rise(entry)
  }

  delete(item: Item): void {
    const entry = this.#byItem.get(item)
    if (!entry) return
    this.#byItem.delete(item)
    const last = this.#entries.pop()
    if (!last || last === entry) return
    this.#place(last, entry.index)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(entry: Entry<Item>): void {
    for (;;) {
      const parent = this.#entries[(entry.index - 1) >> 1]
      if (!parent || !isBefore(entry, parent)) return
      this.#swap(entry, parent)
    }
  }

  #sink(entry: Entry<Item>): void {
    for (;;) {
      const child = this.#earlierChild(entry.index)
      if (!child || !isBefore(child, entry)) return
      this.#swap(entry, child)
    }
  }

  #earlierChild(index: number): Entry<Item> | undefined {
    const left = this.#entries[2 * index + 1]
    const right = this.#entries[2 * index + 2]
    return left && right && isBefore(right, left) ? right : left
  }

  #swap(one: Entry<Item>, other: Entry<Item>): void {
    const { index } = one
    this.#place(one, other.index)
    this.#place(other, index)
  }

  #place(entry: Entry<Item>, index: number): void {
    entry.index = index
    this.#entries[index] = entry
  }
}

const isBefore = <Item>(one: Entry<Item>, other: Entry<Item>): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)
