import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../protocol/errors.ts'
import { webAnswer } from '../../protocol/web-answer.ts'

interface Refused extends Error {
  code?: string
  /** The parser's words, which quote nothing of what was sent. */
  reason?: string
}

const REFUSALS: Readonly<Record<string, [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    'head_too_large',
    'The address and the headers of the request are too large together. Send less in them, such as fewer cookies.',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    'payload_too_large',
    'The chunks of the request have extensions that are too large. Send it without.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    'request_timeout',
    'The request did not arrive in time, so it was not acted on. Send it again, without pauses.',
  ],
}

/** Has the server say what is wrong with what is no request to it, of which Node.js would tell the status alone. */
export function answerMalformed(server: Server): void {
  server.on('clientError', (error: Refused, socket: Socket) => {
    if (isAnswerable(error, socket)) socket.write(answerTo(error))
    // What follows may be no request at all.
    socket.destroySoon()
  })
}

/** Nobody hears an answer once the connection is broken, or would take it for a part of another one. */
function isAnswerable({ code }: Refused, socket: Socket & { _httpMessage?: ServerResponse }): boolean {
  return code !== 'ECONNRESET' && socket.writable && socket._httpMessage?.headersSent !== true
}

function answerTo({ code = '', reason }: Refused): string {
  const what = `What was sent cannot be read as a request${reason === undefined ? '' : ` (${reason})`}.`
  const { status, headers, body } = webAnswer('', ...(REFUSALS[code] ?? (['invalid_request', what] as const)))
  const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}
