import * as z from 'zod'
import type { WebAnswer } from '../protocol/web-answer.ts'

/**
 * What an Application Load Balancer and a Lambda function say to each other ("Use Lambda functions as targets of an
 * Application Load Balancer"), with multi-value headers enabled on the target group: without them a second cookie of an
 * answer is lost.
 */
const BalancerEvent = z.object({
  httpMethod: z.string(),
  path: z.string(),
  /** As the client wrote them. */
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).optional(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean(),
})

export interface BalancerResult {
  statusCode: number
  multiValueHeaders: Record<string, string[]>
  body: string
  isBase64Encoded: boolean
}

/** A web request whose container does not run yet. */
export interface WaitingRequest {
  method: string
  host: string
  path: string
  /** With its question mark, or nothing. */
  query: string
  /** By lower-case name. */
  headers: Record<string, string[]>
  /** Base64. */
  body: string
}

/** @throws where the event is none of a load balancer's, or the target group has no multi-value headers */
export function readBalancerEvent(event: unknown): WaitingRequest {
  const { httpMethod, path, multiValueHeaders, body, isBase64Encoded, ...rest } = BalancerEvent.parse(event)
  const parameters = Object.entries(rest.multiValueQueryStringParameters ?? {})
  const query = parameters.flatMap(([name, values]) => values.map((value) => `${name}=${value}`)).join('&')
  const headers = Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) => [name.toLowerCase(), values]),
  )
  return {
    method: httpMethod,
    host: headers.host?.[0] ?? '',
    path,
    query: query === '' ? '' : `?${query}`,
    headers,
    body: isBase64Encoded ? (body ?? '') : Buffer.from(body ?? '').toString('base64'),
  }
}

export function toBalancer({ status, headers, body }: WebAnswer): BalancerResult {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  )
  return { statusCode: status, multiValueHeaders, body, isBase64Encoded: false }
}
