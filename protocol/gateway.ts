import { SluiceError } from './errors.ts'
import { MAX_BODY_BYTES } from './limits.ts'

/** What a gateway and a handler say to each other: API Gateway's payload format 2.0, as far as Sluice reads it. */

export interface ApiEvent {
  version: string
  /** The method and the path of the route table, such as `GET /v1/apps/{app}`. */
  routeKey: string
  rawPath: string
  rawQueryString: string
  /** By lower-case name. */
  headers: Record<string, string | undefined>
  /** Absent without any; a name that was given twice has its values joined by commas. */
  queryStringParameters?: Record<string, string | undefined> | undefined
  /** Decoded. */
  pathParameters?: Record<string, string | undefined> | undefined
  /** Not all gateways leave it out where there is none. */
  body?: string | null | undefined
  isBase64Encoded: boolean
  requestContext: {
    requestId: string
    /** Milliseconds since the epoch. */
    timeEpoch: number
    http: { method: string; path: string; sourceIp: string; userAgent: string }
    /** Set by a gateway that has verified a signature of AWS, and only by it. */
    authorizer?: { iam?: { userArn: string } } | undefined
  }
}

export interface ApiResult {
  statusCode: number
  headers: Record<string, string>
  /** Whole, or in pieces as they come; whoever sends them calls `return` on the iterator once the client has gone. */
  body: string | AsyncIterable<string>
}

export type ApiHandler = (event: ApiEvent) => Promise<ApiResult>

/** A failure as whoever meets it answers it: the gateway, or a handler. */
export function problemResult(error: SluiceError, requestId: string): ApiResult {
  const result: ApiResult = {
    statusCode: error.status,
    headers: answerHeaders('application/problem+json', requestId),
    body: JSON.stringify(error.toProblem()),
  }
  if (error.code === 'unauthenticated') result.headers['www-authenticate'] = 'Bearer'
  return result
}

/** Answers may hold what a token is needed for, so no cache may keep them; by its id a request is found in the log. */
export function answerHeaders(contentType: string, requestId: string): Record<string, string> {
  return { 'content-type': contentType, 'cache-control': 'no-store', 'x-request-id': requestId }
}

export function bodyTooLarge(): SluiceError {
  return new SluiceError(
    'payload_too_large',
    `A body may have ${MAX_BODY_BYTES} bytes at most. Larger arguments and files are uploaded first: ask POST /v1/blobs/missing where to.`,
  )
}

/** What is no UTF-8 would become other text than was sent, and a secret another secret. */
export function bodyNotText(): SluiceError {
  return new SluiceError('invalid_request', 'The body is not UTF-8, which is what JSON is written in.')
}

/** A failure that nobody foresaw: the log has it, under the request's id. */
export function unexpected(requestId: string): SluiceError {
  return new SluiceError(
    'internal',
    `The request failed on our side. Try again; if it goes on, look for request ${requestId} in the control plane's log.`,
  )
}
