import type { ServerResponse } from 'node:http'
import type { Changes } from './changes.ts'

/** Addresses that answer when the test lets them: so an author's function is exactly as slow as the test needs it. */
export class Gates {
  readonly #changes: Changes
  readonly #held = new Map<string, ServerResponse[]>()
  readonly #deserted = new Set<string>()
  /** Names, with the query that came along. */
  readonly #arrived: { name: string; query: string }[] = []

  constructor(changes: Changes) {
    this.#changes = changes
  }

  /** Somebody waits at the gate, or did. @returns the query of the first */
  async arrival(name: string): Promise<string> {
    await this.#changes.until(() => this.#arrived.some((arrival) => arrival.name === name))
    return this.#arrived.find((arrival) => arrival.name === name)?.query ?? ''
  }

  /** Whoever waited has gone. */
  async desertion(name: string): Promise<void> {
    await this.#changes.until(() => this.#deserted.has(name))
  }

  hasArrived(name: string): boolean {
    return this.#arrived.some((arrival) => arrival.name === name)
  }

  open(name: string, answer = 'done'): void {
    for (const response of this.#held.get(name) ?? []) response.end(answer)
    this.#held.delete(name)
  }

  enter(url: URL, response: ServerResponse): void {
    const name = url.pathname.split('/').at(-1) ?? ''
    this.#held.set(name, [...(this.#held.get(name) ?? []), response])
    this.#arrived.push({ name, query: url.search })
    response.on('close', () => {
      if (!response.writableEnded) this.#deserted.add(name)
      this.#changes.tell()
    })
    // A response that the author's code passes on may itself come from a function.
    response.setHeader('sluice-version', '1')
    this.#changes.tell()
  }

  forget(): void {
    this.#held.clear()
  }
}
