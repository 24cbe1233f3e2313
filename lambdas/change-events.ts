import type { Listening } from '../control/event-ports.ts'

/** A connection on which nothing comes is taken for dead by what is in between, and by some clients. */
const HEARTBEAT_MS = 15_000

/** An event for each app of which something has changed, in the format that browsers know. */
export function changeEvents(listening: Listening): AsyncIterable<string> {
  const events = eventsOf(listening)
  return {
    // A generator that waits for its next event would not hear of it when its reader leaves.
    [Symbol.asyncIterator]: () => ({
      next: () => events.next(),
      async return() {
        listening.close()
        return { done: true, value: undefined }
      },
    }),
  }
}

async function* eventsOf(listening: Listening): AsyncGenerator<string, undefined> {
  // Whoever reads this knows that nothing is missed from here on.
  yield ': listening\n\n'
  for (let apps = await listening.next(HEARTBEAT_MS); apps; apps = await listening.next(HEARTBEAT_MS)) {
    yield apps.length === 0 ? ': nothing new\n\n' : apps.map(eventOf).join('')
  }
}

const eventOf = (app: string): string => `event: change\ndata: ${JSON.stringify({ app })}\n\n`
