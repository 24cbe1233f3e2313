import { SluiceError } from '../../protocol/errors.ts'
import type { Middleware } from '../exchange.ts'
import { problemResult } from '../result.ts'

/** Told of each failure that is ours, once; the sender only learns the request's id. */
export type ReportError = (failure: { requestId: string; routeKey: string; error: unknown }) => void

/** The one place where a failure becomes an answer. */
export function answerProblems(report: ReportError): Middleware {
  return {
    onError: (request) => {
      const { event, error } = request
      if (error instanceof SluiceError) {
        request.response = problemResult(event, error)
        return
      }
      const { requestId } = event.requestContext
      report({ requestId, routeKey: event.routeKey, error })
      request.response = problemResult(event, unexpected(requestId))
    },
  }
}

export const reportToConsole: ReportError = ({ requestId, routeKey, error }) =>
  console.error(`Request ${requestId} (${routeKey}) failed:`, error)

function unexpected(requestId: string): SluiceError {
  return new SluiceError(
    'internal',
    `The request failed on our side. Try again; if it goes on, look for request ${requestId} in the control plane's log.`,
  )
}
