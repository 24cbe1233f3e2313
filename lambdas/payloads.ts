import { keepBlob, storeBlob } from '../control/blobs.ts'
import type { Needs } from '../control/ports.ts'
import type { CallRequest } from '../protocol/api.ts'
import type { Payload } from '../protocol/calls.ts'
import { SluiceError } from '../protocol/errors.ts'
import { INLINE_PAYLOAD_BYTES } from '../protocol/limits.ts'

/**
 * A call's arguments as they are kept: in the call's own record, or as a blob where they are too large for that.
 * @throws SluiceError where the blob was not uploaded, or the list cannot be written as JSON.
 */
export async function argumentsOf(
  ports: Needs<'blobs' | 'clock' | 'keys' | 'store'>,
  { args, argsBlob }: Pick<CallRequest, 'args' | 'argsBlob'>,
): Promise<Payload> {
  if (argsBlob !== undefined) {
    if (await keepBlob(ports, argsBlob)) return { blob: argsBlob }
    throw new SluiceError(
      'blob_missing',
      `The arguments ${argsBlob} have not been uploaded. Ask POST /v1/blobs/missing where to put them, then call again.`,
    )
  }
  const json = jsonOf(args ?? [])
  const size = Buffer.byteLength(json)
  return size <= INLINE_PAYLOAD_BYTES ? { json } : { blob: await storeBlob(ports, json), size }
}

/** The engine reads JSON of any depth, but writes only what fits its stack. */
function jsonOf(args: unknown[]): string {
  try {
    return JSON.stringify(args)
  } catch {
    throw new SluiceError(
      'invalid_request',
      'args is nested too deeply. Upload it, and send its hash as argsBlob.',
      [{ path: 'args', message: 'is nested too deeply' }],
    )
  }
}
