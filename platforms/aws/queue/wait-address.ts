import { Sha256 } from '@aws-crypto/sha256-js'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { SignatureV4 } from '@smithy/signature-v4'

/** A container uses it at once, so a leaked one is soon worth nothing. */
const URL_TTL_SECONDS = 60
/** A container brings its hints at once; those of one that has left are seen again soon. */
const HIDDEN_SECONDS = 5

export interface Wait {
  queueUrl: string
  seconds: number
  /** How many messages may be given. */
  max: number
}

/**
 * A URL that answers a GET with the queue's messages as soon as there are any: one request of the Query protocol, signed
 * as "Making query API requests using AWS query protocol in Amazon SQS" in its Developer Guide says. Whoever has it can
 * send this one request, to this queue, and nothing else.
 */
export async function waitAddress({ config }: SQSClient, { queueUrl, seconds, max }: Wait): Promise<string> {
  const url = new URL(queueUrl)
  const { region, credentials } = config
  const signer = new SignatureV4({ service: 'sqs', region, credentials, sha256: Sha256 })
  const { query } = await signer.presign(
    {
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host },
      query: {
        Action: 'ReceiveMessage',
        Version: '2012-11-05',
        WaitTimeSeconds: String(seconds),
        MaxNumberOfMessages: String(max),
        VisibilityTimeout: String(HIDDEN_SECONDS),
      },
    },
    { expiresIn: URL_TTL_SECONDS },
  )
  url.search = new URLSearchParams(query as Record<string, string>).toString()
  return url.href
}
