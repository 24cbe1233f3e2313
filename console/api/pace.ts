/**
 * When to ask again for what is on the screen. Where changes are streamed, this only makes good what was lost; where they
 * are not, each look costs a request, so they grow rarer while nothing changes.
 */
const SOON_MS = 2_000
const GROWTH = 1.5
const MOST_MS = 30_000
const STREAMED_MS = 60_000

interface Look {
  at: number
  data: unknown
  delay: number
}

/** A query, as far as it matters here. */
interface Answered {
  state: { data?: unknown; dataUpdatedAt: number }
}

const looks = new WeakMap<object, Look>()
let streamed = false

/** Said by whoever listens to the stream of changes. */
export function setStreamed(now: boolean): void {
  streamed = now
}

let held = true

/** Said once it is known that to have a request wait at this control plane costs for as long as it waits. */
export function setHeld(now: boolean): void {
  held = now
}

/** Whether a request may be left open until there is something to answer. */
export const isHeld = (): boolean => held

/** Milliseconds until the next look. An answer that says the same as the one before is the same object. */
export function lookAgainAfter(query: Answered, streamedMs = STREAMED_MS): number {
  if (streamed) return streamedMs
  const { data, dataUpdatedAt: at } = query.state
  const before = looks.get(query)
  if (before?.at === at) return before.delay
  const isSame = before !== undefined && before.data === data
  const delay = isSame ? Math.min(before.delay * GROWTH, MOST_MS) : SOON_MS
  looks.set(query, { at, data, delay })
  return delay
}
