import type { CallError, Input, Payload } from '../protocol/calls.ts'
import { HttpError, request } from '../protocol/http.ts'
import { INLINE_PAYLOAD_BYTES } from '../protocol/limits.ts'
import { type ControlPlane, isTransient } from './control-plane.ts'
import { retrying } from './retry.ts'

const ATTEMPTS = 6
const TIMEOUT_MS = 120_000

/** Arguments and results that are too large to travel in a message are kept as blobs. */

/**
 * The arguments as JSON text.
 * @throws Error where they cannot be fetched
 */
export async function fetchArguments({ args }: Input): Promise<string> {
  if ('json' in args) return args.json
  const body = await transfer({ method: 'GET', url: args.url })
  return body.toString()
}

/**
 * Where the result is: in place, or stored.
 * @throws HttpError with status 413 where it is too large for the store, Error where the store cannot be reached
 */
export async function storeResult(json: string, control: ControlPlane): Promise<Payload> {
  if (json.length <= INLINE_PAYLOAD_BYTES && Buffer.byteLength(json) <= INLINE_PAYLOAD_BYTES) return { json }
  const { createHash } = await import('node:crypto')
  const body = Buffer.from(json)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const { uploadUrl, headers } = await control.upload({ sha256 })
  if (uploadUrl !== undefined)
    await transfer({ method: 'PUT', url: uploadUrl, body, ...(headers && { headers }) })
  return { blob: sha256, size: body.length }
}

/** What a result that could not be stored means for its call. */
export function storeFailure(error: unknown): { status: 'failed' | 'lost'; error: CallError } {
  const message = error instanceof Error ? error.message : String(error)
  const tooLarge = error instanceof HttpError && error.status === 413
  return tooLarge
    ? { status: 'failed', error: { name: 'ResultTooLarge', message: `The result is too large: ${message}` } }
    : { status: 'lost', error: { name: 'Lost', message: `The result could not be stored: ${message}` } }
}

async function transfer(exchange: {
  method: string
  url: string
  body?: Buffer
  headers?: Record<string, string>
}): Promise<Buffer> {
  return retrying(
    async () => {
      const { status, body } = await request({ ...exchange, timeoutMs: TIMEOUT_MS })
      if (status >= 400) throw new HttpError(status, { detail: `the store answered ${status}` })
      return body
    },
    { isTransient, attempts: ATTEMPTS },
  )
}
