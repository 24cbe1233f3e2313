const DATA = 'data: '

/**
 * What the events of a `text/event-stream` say, in the pieces in which they come; a piece without any is a sign of life.
 * What the browser has for it cannot send a token.
 */
export async function* eventsIn(response: Response): AsyncGenerator<string[]> {
  let rest = ''
  for await (const text of piecesOf(response)) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    yield blocks.map(dataIn).filter((data) => data !== '')
  }
}

/** The text of an answer as it comes. Whoever leaves off lets go of the connection. */
export async function* piecesOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
      yield piece.value
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

function dataIn(block: string): string {
  const lines = block.split('\n').filter((line) => line.startsWith(DATA))
  return lines.map((line) => line.slice(DATA.length)).join('')
}
