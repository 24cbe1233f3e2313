import { setTimeout } from 'node:timers/promises'
import type { LogQuery } from '../../../control/log-port.ts'
import type { Clock } from '../../../control/ports.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import type { FoundLine, LogReader } from './reader.ts'
import { DELAY_MS } from './tail.ts'

const LOOK_EVERY_MS = 1_000
/** Containers that have come since are looked for as often. */
const REFRESH_EVERY_MS = 3_000
/** The log driver gathers lines for 5 s before it hands them over, each with the time of its arrival. */
const LATENESS_MS = 15_000

interface Following {
  query: LogQuery
  /** What has been given out already, of all that had arrived by then. */
  given: FoundLine[]
  from: number
  clock: Clock
  signal: AbortSignal | undefined
}

/** What is written from now on, until the reader has enough, or the time that was asked for is over. */
export async function* newLines(
  reader: LogReader,
  { query, given, clock, signal, ...start }: Following,
): AsyncGenerator<LogLine> {
  const seen = new Map(given.map(({ id, arrivedAt }) => [id, arrivedAt]))
  const end = (query.until ?? Number.POSITIVE_INFINITY) + DELAY_MS
  let from = start.from - LATENESS_MS
  let refreshAt = 0
  while (!signal?.aborted && clock.now() <= end) {
    if (clock.now() >= refreshAt) {
      await reader.refresh()
      refreshAt = clock.now() + REFRESH_EVERY_MS
    }
    const to = clock.now()
    for (const { id, arrivedAt, line } of (await reader.read({ from, to })) ?? []) {
      if (seen.has(id)) continue
      seen.set(id, arrivedAt)
      yield line
    }
    from = to - LATENESS_MS
    for (const [id, arrivedAt] of seen) if (arrivedAt < from) seen.delete(id)
    await setTimeout(LOOK_EVERY_MS, undefined, signal && { signal })
  }
}
