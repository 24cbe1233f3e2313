import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { webAnswer } from '../../../protocol/web-answer.ts'

/** Answers in the ingress' own name. */
export function answer(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  code: ErrorCode,
  detail: string,
): void {
  const { status, headers, body } = webAnswer(request.headers.accept ?? '', code, detail)
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
