import { HttpClient } from './client.ts'
import type { Page } from './web-load.ts'

const CLIENTS = 16

/** Clients that keep their connections and ask again and again, half of them by POST; each answer is the version's name. */
export class SwitchLoad implements AsyncDisposable {
  /** Requests that were answered wrongly or not at all. */
  failed = 0
  answered = 0
  /** Milliseconds of the request that took longest. */
  longest = 0
  readonly #clients: { client: HttpClient; done: Promise<void> }[]
  readonly #firsts = new Map<string, number>()
  readonly #awaited = new Map<string, (at: number) => void>()
  #isOver = false

  constructor({ port, host }: Page) {
    this.#clients = Array.from({ length: CLIENTS }, (_, n) => {
      const client = new HttpClient(`http://127.0.0.1:${port}`, 1)
      return { client, done: this.#ask(client, host, n % 2 === 0) }
    })
  }

  /** When the version answered for the first time, on the clock of `performance.now()`. */
  first(version: string): Promise<number> {
    const at = this.#firsts.get(version)
    if (at !== undefined) return Promise.resolve(at)
    return new Promise((resolve) => this.#awaited.set(version, resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients.map(({ done }) => done))
    await Promise.all(this.#clients.map(({ client }) => client[Symbol.asyncDispose]()))
  }

  async #ask(client: HttpClient, host: string, byPost: boolean): Promise<void> {
    while (!this.#isOver) {
      const began = performance.now()
      try {
        const json = byPost ? { json: { some: 'thing' } } : {}
        const version = await client.send({ path: '/', headers: { host }, ...json })
        this.answered += 1
        this.#note(String(version))
      } catch {
        this.failed += 1
      }
      this.longest = Math.max(this.longest, performance.now() - began)
    }
  }

  #note(version: string): void {
    if (this.#firsts.has(version)) return
    const now = performance.now()
    this.#firsts.set(version, now)
    this.#awaited.get(version)?.(now)
  }
}
