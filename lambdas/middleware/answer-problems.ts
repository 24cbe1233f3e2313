import { SluiceError } from '../../protocol/errors.ts'
import { problemResult, unexpected } from '../../protocol/gateway.ts'
import type { Middleware } from '../exchange.ts'

/**
 * Told of each failure that is ours, once. The sender only learns the request's id, unless a SluiceError is returned that
 * has more to say.
 */
export type ReportError = (failure: { requestId: string; routeKey: string; error: unknown }) => unknown

/** The one place where a handler's failure becomes an answer. */
export function answerProblems(report: ReportError): Middleware {
  return {
    onError: (request) => {
      const { event, error } = request
      const { requestId } = event.requestContext
      if (error instanceof SluiceError) {
        request.response = problemResult(error, requestId)
        return
      }
      const told = report({ requestId, routeKey: event.routeKey, error })
      request.response = problemResult(told instanceof SluiceError ? told : unexpected(requestId), requestId)
    },
  }
}

export const reportToConsole: ReportError = ({ requestId, routeKey, error }) =>
  console.error(`Request ${requestId} (${routeKey}) failed:`, error)
