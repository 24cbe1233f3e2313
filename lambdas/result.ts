import type { SluiceError } from '../protocol/errors.ts'
import type { ApiEvent, ApiResult } from '../protocol/gateway.ts'
import type { Route } from '../protocol/routes.ts'
import type { Answer } from './route-handler.ts'

/** By this a request is found in the log. */
const REQUEST_ID = 'x-request-id'

export function resultOf(event: ApiEvent, route: Route, answer: Answer<unknown>): ApiResult {
  const id = event.requestContext.requestId
  if ('lines' in answer) {
    return { statusCode: route.status, headers: headers('application/x-ndjson', id), body: answer.lines }
  }
  return {
    statusCode: answer.status ?? route.status,
    headers: headers('application/json', id),
    body: JSON.stringify(answer.body),
  }
}

export function problemResult(event: ApiEvent, error: SluiceError): ApiResult {
  const result = {
    statusCode: error.status,
    headers: headers('application/problem+json', event.requestContext.requestId),
    body: JSON.stringify(error.toProblem()),
  }
  if (error.code === 'unauthenticated') result.headers['www-authenticate'] = 'Bearer'
  return result
}

/** Answers may carry what a token is needed for, so no cache on the way may keep them. */
function headers(contentType: string, requestId: string): Record<string, string> {
  return { 'content-type': contentType, 'cache-control': 'no-store', [REQUEST_ID]: requestId }
}
