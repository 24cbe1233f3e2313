import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ApiResult } from '../../../protocol/gateway.ts'

/** Sends what a handler answered; a body in pieces is sent as they come, and given up when the client goes away. */
export async function respond(response: ServerResponse, result: ApiResult): Promise<void> {
  const { statusCode, headers, body } = result
  if (typeof body === 'string') {
    headers['content-length'] = String(Buffer.byteLength(body))
    response.writeHead(statusCode, headers).end(body)
    return
  }
  response.writeHead(statusCode, headers)
  // The first piece may be long in coming, and the client wants to know that it is heard.
  response.flushHeaders()
  await pipeline(Readable.from(body), response)
}
