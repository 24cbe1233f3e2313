/** Consumed places are given back once there are this many, and they are the larger part. */
const WORTH_COMPACTING = 1024

/** First in, first out; each item is held once; one that was taken may return to the front. All in constant time. */
export class Fifo<Item> {
  readonly #held = new Set<Item>()
  /** What returned: the last one is next. */
  readonly #returned: Item[] = []
  #items: Item[] = []
  #head = 0

  get size(): number {
    return this.#held.size
  }

  has(item: Item): boolean {
    return this.#held.has(item)
  }

  push(item: Item): void {
    if (this.#held.has(item)) return
    this.#held.add(item)
    this.#items.push(item)
  }

  unshift(item: Item): void {
    if (this.#held.has(item)) return
    this.#held.add(item)
    this.#returned.push(item)
  }

  /** Takes at most so many, the first ones first. */
  take(max: number): Item[] {
    const taken: Item[] = []
    while (taken.length < max) {
      const item = this.#returned.pop() ?? this.#items[this.#head++]
      if (item === undefined) break
      this.#held.delete(item)
      taken.push(item)
    }
    this.#compact()
    return taken
  }

  #compact(): void {
    const isEmpty = this.#head >= this.#items.length
    if (!isEmpty && (this.#head < WORTH_COMPACTING || this.#head * 2 < this.#items.length)) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
