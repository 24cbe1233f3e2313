import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { bodyNotText, bodyTooLarge } from '../../../protocol/gateway.ts'
import { MAX_BODY_BYTES } from '../../../protocol/limits.ts'

/**
 * What is too large is still read, up to this, and thrown away: most clients look for the answer only when they have
 * sent everything, and a closed connection would hide it from them.
 */
const MOST_DISCARDED_BYTES = 64 * 1024 * 1024

/** The sender has gone before the body's end, so there is nobody to answer. */
export class SenderGone extends Error {}

/**
 * The request's body as text.
 * @throws SluiceError `payload_too_large` · `invalid_request` · SenderGone
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (announced === undefined || announced === '0')) return ''
  if (Number(announced) > MOST_DISCARDED_BYTES) throw bodyTooLarge()
  const chunks: Buffer[] = []
  const size = await collect(request, chunks)
  if (size > MAX_BODY_BYTES) throw bodyTooLarge()
  const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
  if (!isUtf8(body)) throw bodyNotText()
  return body.toString()
}

/** Reads what is left of a body whose request is refused, as far as `readBody` would. */
export async function discardBody(request: IncomingMessage): Promise<void> {
  const isBeingRead = request.readableFlowing === true
  if (request.complete || isBeingRead) return
  const read = readBody(request).catch(() => undefined)
  // Whoever began to read it may have paused it.
  request.resume()
  await read
}

/** The body's size; its chunks are kept as long as it is not too large. */
function collect(request: IncomingMessage, chunks: Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else if (size > MOST_DISCARDED_BYTES) resolve(size)
    })
    request.on('end', () => resolve(size))
    request.on('error', () => reject(new SenderGone()))
  })
}
