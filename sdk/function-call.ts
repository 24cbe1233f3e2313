import type { CallView } from '../protocol/api.ts'
import { MAX_WAIT_SECONDS } from '../protocol/limits.ts'
import { type Client, defaultClient } from './client.ts'
import { type Duration, toSeconds } from './durations.ts'
import { CancelledError, RemoteError, TimeoutError } from './errors.ts'
import { resultOf } from './payloads.ts'

/** One execution of a function, by its id: made by `.spawn(…)`, or found again with `FunctionCall.fromId(…)`. */
export class FunctionCall<Result = unknown> {
  readonly id: string
  readonly #client: Client

  constructor(id: string, client: Client) {
    this.id = id
    this.#client = client
  }

  /** Makes no request: whether there is such a call is found out by `get`. */
  static fromId<Result = unknown>(id: string, options: { client?: Client } = {}): FunctionCall<Result> {
    return new FunctionCall(id, options.client ?? defaultClient())
  }

  /**
   * Waits for the result.
   * @param options `timeout`: how long to wait (seconds, or `'10m'`); to the end unless given
   * @throws RemoteError the function failed · CancelledError · TimeoutError it has not ended in time, and goes on
   */
  async get(options: { timeout?: Duration } = {}): Promise<Result> {
    const seconds = options.timeout === undefined ? Infinity : toSeconds(options.timeout, 'timeout')
    const deadline = performance.now() + seconds * 1000
    for (;;) {
      const left = Math.max(0, (deadline - performance.now()) / 1000)
      const call = await this.#look(Math.min(left, MAX_WAIT_SECONDS))
      if (hasEnded(call)) return (await outcomeOf(call)) as Result
      if (performance.now() >= deadline) throw new TimeoutError(this.id, seconds)
    }
  }

  /** Ends it, if it has not ended yet. */
  async cancel(): Promise<void> {
    await this.#client.api.send('cancelCall', { params: { id: this.id } })
  }

  #look(wait: number): Promise<CallView> {
    return this.#client.api.send('getCall', { params: { id: this.id }, query: { wait } })
  }
}

export const hasEnded = ({ status }: CallView): boolean => status !== 'pending' && status !== 'running'

/** @throws RemoteError · CancelledError where it did not succeed */
export async function outcomeOf(call: CallView): Promise<unknown> {
  if (call.status === 'succeeded') return resultOf(call)
  if (call.status === 'cancelled') throw new CancelledError(call.id, call.error?.message)
  const error = call.error ?? { name: 'Error', message: `Call ${call.id} ended as ${call.status}` }
  throw new RemoteError(call.id, call.status, error)
}
