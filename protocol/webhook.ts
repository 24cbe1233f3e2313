import { createHmac } from 'node:crypto'
import type { RequestOptions } from 'node:https'

/** What a channel's webhook is sent, beside the JSON of its message. */
export const WEBHOOK_HEADERS = {
  /** The same for each attempt to deliver one notice. */
  notice: 'sluice-notice',
  kind: 'sluice-kind',
  /** See `signatureOf`. */
  signature: 'sluice-signature',
} as const

const PATIENCE_MS = 10_000
/** An answer is a word or two; what comes beyond is not read. */
const MOST_BYTES = 64_000

/**
 * `t=<seconds since the epoch>,v1=<hex>`: HMAC-SHA-256 of the time, a full stop and the body. The time lets its receiver
 * refuse what somebody has kept and sends again.
 */
export function signatureOf(secret: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1000)
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${mac}`
}

export interface WebhookRequest {
  url: string
  headers: Record<string, string>
  body: string
  /** Finds the address of a host; may refuse it. */
  lookup?: RequestOptions['lookup']
}

/**
 * Sends JSON over a connection of its own, and follows nobody elsewhere.
 * @returns the answer's status
 * @throws Error where there was no answer
 */
export async function postWebhook({ url, headers, body, lookup }: WebhookRequest): Promise<number> {
  const { protocol } = new URL(url)
  const { request } =
    protocol === 'https:' ? await import('node:https') : process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(lookup && { lookup }),
    })
    sent.on('error', (error) => reject(isTimeout(error) ? new Error(NO_ANSWER) : error))
    sent.on('response', (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MOST_BYTES) response.destroy()
      })
      response.on('error', () => {})
      resolve(response.statusCode ?? 0)
    })
    sent.end(body)
  })
}

const NO_ANSWER = `it did not answer within ${PATIENCE_MS / 1000} s`

const isTimeout = ({ name }: Error): boolean => name === 'TimeoutError' || name === 'AbortError'
