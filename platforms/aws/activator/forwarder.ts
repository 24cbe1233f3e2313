import {
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import { type ForwardRequest, ForwardResult } from '../../../protocol/forwarding.ts'
import { CLIENT_SETTINGS } from '../client-settings.ts'
import type { Settings } from '../settings.ts'

/** Reaches containers from inside their network, where nothing else is allowed. */
export interface Forwarder {
  send(request: ForwardRequest): Promise<ForwardResult>
}

export function makeForwarder(settings: Settings): Forwarder {
  return new LambdaForwarder(
    // Once it was sent, a request is not to be sent again.
    new LambdaClient({ ...CLIENT_SETTINGS, maxAttempts: 1 }),
    settings.forwarder,
  )
}

export class LambdaForwarder implements Forwarder {
  readonly #client: LambdaClient
  readonly #function: string

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client
    this.#function = functionName
  }

  async send(request: ForwardRequest): Promise<ForwardResult> {
    const { Payload, FunctionError } = await this.#invoke(request)
    if (!Payload) return { kind: 'unreached' }
    const answer = JSON.parse(Payload.transformToString())
    if (FunctionError !== undefined) throw new Error(`${this.#function} failed: ${answer?.errorMessage}`)
    return ForwardResult.parse(answer)
  }

  /** Nothing where there is no room for one more invocation now. */
  async #invoke(request: ForwardRequest): Promise<Partial<InvokeCommandOutput>> {
    try {
      return await this.#client.send(
        new InvokeCommand({ FunctionName: this.#function, Payload: JSON.stringify(request) }),
      )
    } catch (error) {
      if (error instanceof TooManyRequestsException) return {}
      throw error
    }
  }
}
