import { type ApiResult, answerHeaders } from '../protocol/gateway.ts'
import type { Route } from '../protocol/route.ts'
import type { Answer } from './route-handler.ts'

export function resultOf(requestId: string, route: Route, answer: Answer<unknown>): ApiResult {
  if ('lines' in answer) {
    return {
      statusCode: route.status,
      headers: answerHeaders(route.streams ?? 'application/x-ndjson', requestId),
      body: answer.lines,
    }
  }
  return {
    statusCode: answer.status ?? route.status,
    headers: answerHeaders('application/json', requestId),
    body: JSON.stringify(answer.body),
  }
}
