/** One of the events that a server sends. */
export interface ServerEvent {
  name: string
  data: string
}

/**
 * The events of a `text/event-stream`, in the pieces in which they come; a piece without any is a sign of life. What the
 * browser has for it cannot send a token.
 */
export async function* eventsIn(response: Response): AsyncGenerator<ServerEvent[]> {
  let rest = ''
  for await (const text of piecesOf(response)) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    yield blocks.map(eventIn).filter(({ data }) => data !== '')
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

function eventIn(block: string): ServerEvent {
  const event = { name: 'message', data: '' }
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event.name = line.slice('event: '.length)
    if (line.startsWith('data: ')) event.data += line.slice('data: '.length)
  }
  return event
}
