import { timingSafeEqual } from 'node:crypto'
import type { Clock, Keys } from '../../../control/ports.ts'

/** How long a signed URL is good for. */
const URL_TTL_MS = 15 * 60_000

interface Signing {
  keys: Keys
  clock: Clock
}

export interface BlobRequest {
  method: string
  hash: string
}

/** The query that lets whoever has it send one request, for a while. */
export function signedQuery({ keys, clock }: Signing, { method, hash }: BlobRequest): URLSearchParams {
  const expires = String(clock.now() + URL_TTL_MS)
  return new URLSearchParams({ method, expires, signature: sign(keys, { method, hash }, expires) })
}

/** What is wrong with the query for this request, in words; undefined if it was made for it and is still good. */
export function signatureFault(
  { keys, clock }: Signing,
  { method, hash }: BlobRequest,
  query: URLSearchParams,
): string | undefined {
  const expires = query.get('expires') ?? ''
  const expected = Buffer.from(sign(keys, { method, hash }, expires))
  const given = Buffer.from(query.get('signature') ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return 'was not made for this request'
  }
  return Number(expires) > clock.now() ? undefined : 'has expired'
}

/** The key serves other purposes too, so the text says which one this is. */
const sign = (keys: Keys, { method, hash }: BlobRequest, expires: string): string =>
  keys.mac(`blob\n${method}\n${hash}\n${expires}`)
