import type { CallView } from '../../protocol/api.ts'
import type { Reached } from './reached.ts'

/** Seconds that the API holds an answer for a call that has not ended. */
const WAIT = 20

/** A call from the caller's side; times are milliseconds since the epoch. */
export interface Called {
  args: unknown[]
  begun: number
  ended: number
  /** What the caller was told in the end. */
  view: CallView
}

/** Callers of one function who make one call after the other until told to stop. */
export class CallLoad implements AsyncDisposable {
  readonly called: Called[] = []
  /** What the API answered instead of accepting a call. */
  readonly refused: string[] = []
  readonly #installation: Reached
  readonly #path: string
  readonly #args: (n: number) => unknown[]
  #callers: Promise<void>[] = []
  #made = 0
  #isOver = false

  constructor(
    installation: Reached,
    { app, function: name, args }: { app: string; function: string; args: (n: number) => unknown[] },
  ) {
    this.#installation = installation
    this.#path = `/v1/apps/${app}/functions/${name}/calls`
    this.#args = args
  }

  /** Of so many callers who stay for the result, and of others who only come back for it. */
  begin({ waiting, spawning }: { waiting: number; spawning: number }): void {
    this.#callers = [
      ...Array.from({ length: waiting }, () => this.#call(WAIT)),
      ...Array.from({ length: spawning }, () => this.#call(0)),
    ]
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#callers)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #call(wait: number): Promise<void> {
    while (!this.#isOver) {
      const begun = Date.now()
      const args = this.#args(this.#made++)
      const { status, body } = await this.#installation.api('POST', this.#path, { args, wait })
      if (status >= 300) {
        this.refused.push(`${status} ${JSON.stringify(body)}`)
        continue
      }
      const view = await this.#result(body)
      this.called.push({ args, begun, ended: Date.now(), view })
    }
  }

  async #result(view: CallView): Promise<CallView> {
    let seen = view
    while (seen.endedAt === undefined) {
      seen = (await this.#installation.api('GET', `/v1/calls/${view.id}?wait=${WAIT}`)).body
    }
    return seen
  }
}
