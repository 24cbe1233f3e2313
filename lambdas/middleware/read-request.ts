import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import { type FieldError, SluiceError } from '../../protocol/errors.ts'
import { type ApiEvent, bodyNotText, bodyTooLarge } from '../../protocol/gateway.ts'
import { MAX_BODY_BYTES } from '../../protocol/limits.ts'
import type { Middleware } from '../exchange.ts'
import { faultsOf } from '../faults.ts'

/** No UTF-16 code unit needs more bytes in UTF-8. */
const MOST_BYTES_PER_UNIT = 3
const NOTHING: Record<string, never> = {}

/** Path, query and body become what the route's schemas say; every fault in them is told at once. */
export function readRequest(): Middleware {
  return {
    before: ({ event, context: { exchange } }) => {
      const { params, query, body, confidential } = exchange.route.route
      const faults: FieldError[] = []
      exchange.input = {
        params: checked(params, event.pathParameters ?? NOTHING, 'path', faults),
        query: checked(query, event.queryStringParameters ?? NOTHING, 'query', faults),
        body: body && checked(body, bodyOf(event, confidential), '', faults),
      }
      if (faults.length > 0) throw invalid(faults)
    },
  }
}

function checked(schema: z.ZodType, value: unknown, place: string, faults: FieldError[]): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  faults.push(...faultsOf(schema, value, place))
  return undefined
}

/** @throws SluiceError where the body is too large or no JSON. */
function bodyOf(event: ApiEvent, confidential = false): unknown {
  const text = textOf(event)
  if (text.length * MOST_BYTES_PER_UNIT > MAX_BODY_BYTES && Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw bodyTooLarge()
  }
  if (text === '') return NOTHING
  try {
    return JSON.parse(text)
  } catch (error) {
    // The engine's words quote the place: `Unexpected token '}', "{"args":}" is not valid JSON`.
    const place = error instanceof SyntaxError ? error.message : String(error)
    throw new SluiceError('invalid_request', `The body is not JSON.${confidential ? '' : ` ${place}`}`)
  }
}

/** API Gateway encodes what its headers call no text, which may be text all the same. */
function textOf({ body, isBase64Encoded }: ApiEvent): string {
  const sent = body ?? ''
  if (!isBase64Encoded) return sent
  const bytes = Buffer.from(sent, 'base64')
  if (!isUtf8(bytes)) throw bodyNotText()
  return bytes.toString()
}

function invalid(faults: FieldError[]): SluiceError {
  const [first] = faults
  const others = faults.length > 1 ? ` It is one of ${faults.length} faults; \`errors\` names them all.` : ''
  const inManifest = faults.some(({ path }) => path === 'manifest' || path.startsWith('manifest.'))
  return new SluiceError(
    inManifest ? 'invalid_manifest' : 'invalid_request',
    `${first?.path || 'The body'} ${first?.message}.${others}`,
    faults,
  )
}
