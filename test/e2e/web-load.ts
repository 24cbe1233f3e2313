import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import type { Reached, WebAnswer, WebOptions } from './reached.ts'

/** One thing that clients ask for again and again, and what a right answer to it is. */
export interface Visit {
  path: string
  options?: WebOptions
  isRight(answer: WebAnswer): boolean
}

/** A request from the client's side; times are milliseconds since the epoch. */
export interface Visited {
  path: string
  begun: number
  ended: number
  version: number
  /** What was wrong with the answer, if anything. */
  fault?: string
}

const BODY_BYTES = 20_000

/** Visitors of one endpoint who ask for one thing after the other until told to stop, each over a connection of its own. */
export class WebLoad implements AsyncDisposable {
  readonly visited: Visited[] = []
  readonly #installation: Reached
  readonly #label: string
  readonly #visits: (() => Visit)[]
  #visitors: Promise<void>[] = []
  #isOver = false

  constructor(installation: Reached, label: string, visits: (() => Visit)[]) {
    this.#installation = installation
    this.#label = label
    this.#visits = visits
  }

  /** Of so many visitors who keep their connection, and of others who connect anew for each request. */
  begin({ keptAlive, fresh }: { keptAlive: number; fresh: number }): void {
    const kept = Array.from({ length: keptAlive }, (_, n) =>
      this.#visit(n, new Agent({ keepAlive: true, maxSockets: 1 })),
    )
    this.#visitors = [...kept, ...Array.from({ length: fresh }, (_, n) => this.#visit(n, undefined))]
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#visitors)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #visit(first: number, agent: Agent | undefined): Promise<void> {
    for (let n = first; !this.#isOver; n++) {
      const make = this.#visits[n % this.#visits.length]
      if (make) this.visited.push(await this.#ask(make(), agent))
    }
    agent?.destroy()
  }

  async #ask({ path, options, isRight }: Visit, agent: Agent | undefined): Promise<Visited> {
    const begun = Date.now()
    const of = (version: number, fault?: string): Visited => ({
      path,
      begun,
      ended: Date.now(),
      version,
      ...(fault !== undefined && { fault }),
    })
    try {
      const answer = await this.#installation.web(this.#label, path, { ...options, ...(agent && { agent }) })
      const version = Number(answer.headers['sluice-version'])
      if (answer.status === 200 && isRight(answer)) return of(version)
      return of(version, `${answer.status} ${answer.body.slice(0, 300)}`)
    } catch (error) {
      return of(0, String(error))
    }
  }
}

/** A body that is to come back as it was sent. */
export function echo(path: string): Visit {
  const body = randomBytes(BODY_BYTES).toString('hex')
  return { path, options: { method: 'POST', body }, isRight: (answer) => answer.body === body }
}
