import type { Events, Subscription, Topic } from '../../control/event-ports.ts'

/** Events within one process: a word reaches its subscribers before `publish` returns. */
export class LocalEvents implements Events {
  readonly #subscribers = new Map<Topic, Set<LocalSubscription>>()

  publish(topic: Topic): void {
    const subscribers = this.#subscribers.get(topic)
    if (!subscribers) return
    for (const subscriber of subscribers) subscriber.notice()
  }

  subscribe(topics: Topic[]): Subscription {
    const subscription = new LocalSubscription((closing) => this.#remove(topics, closing))
    for (const topic of topics) this.#subscribersOf(topic).add(subscription)
    return subscription
  }

  /** How many topics anybody listens to. */
  get topics(): number {
    return this.#subscribers.size
  }

  #subscribersOf(topic: Topic): Set<LocalSubscription> {
    const known = this.#subscribers.get(topic)
    if (known) return known
    const added = new Set<LocalSubscription>()
    this.#subscribers.set(topic, added)
    return added
  }

  #remove(topics: Topic[], subscription: LocalSubscription): void {
    for (const topic of topics) {
      const subscribers = this.#subscribers.get(topic)
      subscribers?.delete(subscription)
      if (subscribers?.size === 0) this.#subscribers.delete(topic)
    }
  }
}

class LocalSubscription implements Subscription {
  readonly #onClose: (subscription: LocalSubscription) => void
  #noticed = false
  #closed = false
  #settle: ((noticed: boolean) => void) | undefined

  constructor(onClose: (subscription: LocalSubscription) => void) {
    this.#onClose = onClose
  }

  notice(): void {
    if (this.#settle) this.#settle(true)
    else this.#noticed = true
  }

  /** One at a time: a `next` that is still open answers false when another one begins. */
  next(ms: number): Promise<boolean> {
    this.#settle?.(false)
    if (this.#noticed || this.#closed) {
      const noticed = this.#noticed && !this.#closed
      this.#noticed = false
      return Promise.resolve(noticed)
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle?.(false), ms)
      this.#settle = (noticed) => {
        clearTimeout(timer)
        this.#settle = undefined
        resolve(noticed)
      }
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#settle?.(false)
    this.#onClose(this)
  }
}
