import type { ApiResult } from '../../protocol/gateway.ts'

export type WholeResult = ApiResult & { body: string }

/** An answer that goes on is cut here, before the gateway gives up on it at 30 s; whoever follows asks again. */
const LONGEST_MS = 20_000
/** Characters; Lambda answers at most 6 MB. */
const LARGEST = 4_000_000

/** Lambda answers once and in one piece: what comes in pieces is gathered for as long, and as far, as it takes that. */
export async function whole({ statusCode, headers, body }: ApiResult): Promise<WholeResult> {
  if (typeof body === 'string') return { statusCode, headers, body }
  return { statusCode, headers, body: await gather(body) }
}

async function gather(pieces: AsyncIterable<string>): Promise<string> {
  const iterator = pieces[Symbol.asyncIterator]()
  const { promise: over, resolve } = Promise.withResolvers<{ done: true; value: undefined }>()
  const timer = setTimeout(() => resolve({ done: true, value: undefined }), LONGEST_MS)
  let text = ''
  try {
    while (text.length < LARGEST) {
      const piece = await Promise.race([iterator.next(), over])
      if (piece.done) break
      text += piece.value
    }
    return text
  } finally {
    clearTimeout(timer)
    await iterator.return?.()
  }
}
