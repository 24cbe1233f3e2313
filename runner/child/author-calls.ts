import type { CallError } from '../../protocol/calls.ts'
import type { FromChild } from '../ipc.ts'
import { withinCall } from './current-call.ts'
import { toJson } from './to-json.ts'

export type Handler = (...args: unknown[]) => unknown

export interface CallsNeeds {
  handler: Handler
  send: (message: FromChild) => void
  describe: (thrown: unknown) => CallError
  /** The call has written its last. */
  onEnd: (callId: string) => void
}

/** Executes the author's function, once for each input, as many at a time as the supervisor sends. */
export class AuthorCalls {
  readonly #needs: CallsNeeds
  readonly #aborts = new Map<string, AbortController>()

  constructor(needs: CallsNeeds) {
    this.#needs = needs
  }

  async run(call: { lease: string; callId: string; pinned: boolean; args: string }): Promise<void> {
    const { lease, callId, pinned, args } = call
    const abort = new AbortController()
    this.#aborts.set(lease, abort)
    const current = { id: callId, pinned, signal: abort.signal }
    const message = await withinCall(current, () => this.#outcome(lease, args))
    this.#aborts.delete(lease)
    this.#needs.onEnd(callId)
    this.#needs.send(message)
  }

  abort(lease: string): void {
    this.#aborts.get(lease)?.abort(new DOMException('The call was cancelled.', 'AbortError'))
  }

  async #outcome(lease: string, args: string): Promise<FromChild> {
    try {
      const value = await this.#needs.handler(...(JSON.parse(args) as unknown[]))
      return { type: 'returned', lease, json: toJson(value) }
    } catch (thrown) {
      return { type: 'threw', lease, error: this.#needs.describe(thrown) }
    }
  }
}
