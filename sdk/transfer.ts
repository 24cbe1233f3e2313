import type { Readable } from 'node:stream'
import { refuseFailure, request } from '../protocol/http.ts'
import { PATIENCE, withRetries } from './retry.ts'

export interface Address {
  uploadUrl: string
  headers?: Record<string, string> | undefined
}

/** Milliseconds for one content. */
const WITHIN = 600_000

/**
 * Fetches a content from its signed address.
 * @throws HttpError where the store refuses
 */
export async function download(url: string): Promise<Buffer> {
  return persistently(async () => {
    const answer = await request({ method: 'GET', url, timeoutMs: WITHIN })
    refuseFailure(answer)
    return answer.body
  })
}

/**
 * Puts a content at its signed address.
 * @param address where, and with which headers, as the control plane said
 * @param open called for each attempt, as a stream can be read only once
 * @throws HttpError where the store refuses
 */
export async function put(address: Address, size: number, open: () => Uint8Array | Readable): Promise<void> {
  const { uploadUrl: url } = address
  const headers = {
    ...address.headers,
    'content-length': String(size),
    'content-type': 'application/octet-stream',
  }
  await persistently(async () => {
    refuseFailure(await request({ method: 'PUT', url, headers, body: open(), timeoutMs: WITHIN }))
  })
}

/** Contents are named by their hash, so to move one twice is to move it once. */
const persistently = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
  withRetries(attempt, { idempotent: true, patience: PATIENCE })
