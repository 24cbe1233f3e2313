import { createHash, type Hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { SluiceError } from '../../../protocol/errors.ts'
import type { LocalBlobs } from './blobs.ts'

/** What S3 takes in one PUT. */
const MAX_BLOB_BYTES = 5 * 1024 ** 3
const PATH = /^\/blobs\/([0-9a-f]{64})$/

/**
 * Takes requests for signed URLs of blobs; answers false for what is none.
 * @throws SluiceError that somebody else is to answer with: `forbidden`, `route_not_found`, `blob_not_found`,
 * `blob_mismatch`, `payload_too_large`
 */
export function blobServer(
  blobs: LocalBlobs,
  maxBytes = MAX_BLOB_BYTES,
): (request: IncomingMessage, response: ServerResponse) => false | Promise<true> {
  return (request, response) =>
    request.url?.startsWith('/blobs/') ? serve(blobs, { request, response, maxBytes }) : false
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  maxBytes: number
}

async function serve(blobs: LocalBlobs, exchange: Exchange): Promise<true> {
  const hash = authorise(blobs, exchange.request)
  if (exchange.request.method === 'PUT') await receive(blobs, hash, exchange)
  else await send(blobs, hash, exchange)
  return true
}

/** The hash that the request is about. */
function authorise(blobs: LocalBlobs, { method = '', url = '' }: IncomingMessage): string {
  const [path = '', query] = url.split('?', 2)
  const hash = PATH.exec(path)?.[1]
  if (hash === undefined) {
    throw new SluiceError(
      'route_not_found',
      'A blob is addressed by its SHA-256, as in /blobs/<64 hex digits>.',
    )
  }
  const fault = blobs.signatureFault({ method, hash }, new URLSearchParams(query))
  if (fault) throw new SluiceError('forbidden', `This URL ${fault}. Ask the control plane for a new one.`)
  return hash
}

async function receive(blobs: LocalBlobs, hash: string, exchange: Exchange): Promise<void> {
  const { request, response, maxBytes } = exchange
  if (Number(request.headers['content-length']) > maxBytes) throw tooLarge(maxBytes)
  await blobs.store(async (draft) => {
    const digest = createHash('sha256')
    await draft.writeFile(measured(request, digest, maxBytes))
    const actual = digest.digest('hex')
    if (actual === hash) return hash
    throw new SluiceError(
      'blob_mismatch',
      `The content has the SHA-256 ${actual}, not ${hash}. It may have changed since it was hashed; deploy again.`,
    )
  })
  response.writeHead(200, { 'content-length': 0 }).end()
}

async function* measured(request: IncomingMessage, digest: Hash, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0
  // The request stays open when this ends early, as it still has to be answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    digest.update(chunk)
    yield chunk
  }
}

function tooLarge(maxBytes: number): SluiceError {
  return new SluiceError('payload_too_large', `A file may have ${maxBytes} bytes at most.`)
}

async function send(blobs: LocalBlobs, hash: string, { response }: Exchange): Promise<void> {
  await using file = await blobs.open(hash)
  if (!file) throw new SluiceError('blob_not_found', `No content with the SHA-256 ${hash} is stored.`)
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': (await file.stat()).size,
    etag: `"${hash}"`,
    'cache-control': 'private, max-age=31536000, immutable',
  })
  await pipeline(file.createReadStream({ autoClose: false }), response)
}
