import type { ApiResult } from '../../protocol/gateway.ts'

export type WholeResult = ApiResult & { body: string }

/** An answer that goes on is cut here, before the gateway gives up on it at 30 s; whoever follows asks again. */
const LONGEST_MS = 20_000
/** Who has something to read should not have to wait for more: so long a pause ends an answer that has begun. */
const PAUSE_MS = 1_000
/** Characters; Lambda answers at most 6 MB. */
const LARGEST = 4_000_000

/** Lambda answers once and in one piece: what comes in pieces is gathered for as long, and as far, as it takes that. */
export async function whole({ statusCode, headers, body }: ApiResult): Promise<WholeResult> {
  if (typeof body === 'string') return { statusCode, headers, body }
  return { statusCode, headers, body: await gather(body) }
}

async function gather(pieces: AsyncIterable<string>): Promise<string> {
  const iterator = pieces[Symbol.asyncIterator]()
  const deadline = Date.now() + LONGEST_MS
  let text = ''
  try {
    while (text.length < LARGEST) {
      const left = deadline - Date.now()
      const piece = await within(iterator.next(), text === '' ? left : Math.min(left, PAUSE_MS))
      if (piece === undefined || piece.done) break
      text += piece.value
    }
    return text
  } finally {
    await iterator.return?.()
  }
}

/** Undefined where it takes longer. */
async function within<Result>(awaited: Promise<Result>, ms: number): Promise<Result | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  try {
    return await Promise.race([awaited, over])
  } finally {
    clearTimeout(timer)
  }
}
