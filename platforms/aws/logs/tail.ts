import type { LogQuery } from '../../../control/log-port.ts'
import { byTime, type FoundLine, type LogReader, withoutRepeats } from './reader.ts'

/** CloudWatch reads forwards only, so the last lines are looked for further and further back. */
const FIRST_STEP_MS = 15_000
const LEAST_STEP_MS = 1_000
const WIDER = 4
/** Where a step holds more events than are worth reading to its end, a shorter one is taken. */
const NARROWER = 8
const EVENTS_A_STEP = 5_000
/** A line may arrive so much later than it was written, when a container writes more than is taken. */
export const DELAY_MS = 60_000
/** Clocks differ. */
const SKEW_MS = 5_000

/** The last lines that the query asks for, oldest first: as many as it wants, or more, if there are as many. */
export async function lastLines(
  reader: LogReader,
  { since = 0, until = Number.POSITIVE_INFINITY, tail }: LogQuery,
  now: number,
): Promise<FoundLine[]> {
  const beginning = Math.max(since, reader.beginning)
  let found: FoundLine[] = []
  let step = FIRST_STEP_MS
  for (let to = Math.min(now + SKEW_MS, until + DELAY_MS); to >= beginning && found.length < tail; ) {
    const from = Math.max(beginning, to - step + 1)
    const lines = await reader.read({ from, to }, step > LEAST_STEP_MS ? EVENTS_A_STEP + tail : undefined)
    if (lines) {
      found = withoutRepeats([...lines, ...found])
      to = from - 1
    }
    step = lines ? step * WIDER : Math.max(LEAST_STEP_MS, Math.floor(step / NARROWER))
  }
  return found.sort(byTime)
}
