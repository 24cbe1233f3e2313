import { type Histogram, merge } from './histogram.ts'

/** Arithmetic of usage, apart from its schemas, so that a runner carries no validator. */

/** Usage is kept in slots of five minutes, aligned to UTC. */
export const SLOT_MS = 300_000
export const slotOf = (at: number): number => at - (at % SLOT_MS)

/** What was executed. A call that is tried again counts each time; what was cancelled or lost with its process does not. */
export interface UsageCounts {
  calls: number
  /** Of the calls, those that failed or took too long. */
  errors: number
  /** Of the errors, those that took too long. */
  timeouts: number
  /** Web requests and WebSockets. */
  requests: number
  /** Of the requests, those that were answered with a 5xx, or not at all because the process died. */
  serverErrors: number
  /** Milliseconds with at least one call or request at work. */
  busyMs: number
  /** Of calls and requests. */
  durations: Histogram
  /** What calls waited from when they were due until a container had them. */
  waits: Histogram
}

/** What a process that serves web requests has answered since it last said so. */
export type Served = Pick<UsageCounts, 'requests' | 'serverErrors' | 'durations'>

const SUMS = ['calls', 'errors', 'timeouts', 'requests', 'serverErrors', 'busyMs'] as const

export const noUsage = (): UsageCounts => ({
  calls: 0,
  errors: 0,
  timeouts: 0,
  requests: 0,
  serverErrors: 0,
  busyMs: 0,
  durations: {},
  waits: {},
})

export function addUsage(into: UsageCounts, other: UsageCounts): void {
  for (const name of SUMS) into[name] += other[name]
  merge(into.durations, other.durations)
  merge(into.waits, other.waits)
}
