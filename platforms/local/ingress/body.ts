import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/**
 * A request's body on its way to a container: not touched before the first read, so that a request whose container
 * could not be reached can still go to another one.
 * It stands between the two connections because undici destroys a body that it no longer needs, and the client's
 * connection must outlive that: when a container answers early, what the client still sends is read and dropped.
 */
export class RequestBody extends Readable {
  begun = false
  readonly #request: IncomingMessage
  readonly #onBegin: () => void

  constructor(request: IncomingMessage, onBegin: () => void) {
    super()
    this.#request = request
    this.#onBegin = onBegin
  }

  override _read(): void {
    if (!this.begun) this.#begin()
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#request.off('data', this.#take).off('end', this.#end).resume()
    callback(error)
  }

  #begin(): void {
    this.begun = true
    this.#onBegin()
    this.#request.on('data', this.#take).on('end', this.#end)
  }

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause()
  }

  readonly #end = (): void => {
    this.push(null)
  }
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
