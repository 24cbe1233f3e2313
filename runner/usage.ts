import type { Outcome } from '../protocol/calls.ts'
import { count } from '../protocol/histogram.ts'
import { addUsage, noUsage, type Served, SLOT_MS, slotOf, type UsageCounts } from '../protocol/usage.ts'
import type { UsageReport } from '../protocol/usage-report.ts'

/** One execution of the function, from when the process had it until it was done with it. */
export interface Execution {
  status: Outcome['status']
  ms: number
  /** From when the call was due until the container had it. */
  waitedMs: number
}

interface Slot {
  at: number
  counts: UsageCounts
}

/**
 * Adds up what the container does, and says it in reports: one at a time, again until it is accepted, and not more often
 * than asked for. Where the control plane is away, a report takes in what else happens in its slot of time.
 */
export class Usage {
  readonly #everyMs: number
  readonly #now: () => number
  #slot: Slot | undefined
  readonly #reports: UsageReport[] = []
  #sequence = 0
  /** The first of them, once it has been told: it must not change any more. */
  #told: UsageReport | undefined
  #toldAt = Number.NEGATIVE_INFINITY
  #isConcluded = false
  #workingSince: number | undefined

  constructor(everyMs: number, now: () => number = Date.now) {
    this.#everyMs = everyMs
    this.#now = now
  }

  executed({ status, ms, waitedMs }: Execution): void {
    if (status === 'lost') return
    const counts = this.#counts()
    counts.calls += 1
    if (status !== 'succeeded') counts.errors += 1
    if (status === 'timed_out') counts.timeouts += 1
    count(counts.durations, ms)
    count(counts.waits, waitedMs)
  }

  served(served: Served): void {
    addUsage(this.#counts(), { ...noUsage(), ...served })
  }

  /** The process died with these in flight. */
  unanswered(requests: number): void {
    if (requests > 0) this.served({ requests, serverErrors: requests, durations: {} })
  }

  /** Whether there is anything at work, whenever that may have changed. */
  working(isWorking: boolean): void {
    this.#countWork()
    this.#workingSince = isWorking ? this.#now() : undefined
  }

  /** What is to be told now, if anything. */
  report(): UsageReport | undefined {
    if (this.#told) return this.#told
    this.#countWork()
    if (!this.#isConcluded && this.#hasJustTold()) return undefined
    this.#close()
    this.#told = this.#reports[0]
    if (this.#told) this.#toldAt = this.#now()
    return this.#told
  }

  accepted(report: UsageReport): void {
    if (report.sequence !== this.#told?.sequence) return
    this.#reports.shift()
    this.#told = undefined
  }

  /** There will be no better time: the next report has all that there is. */
  conclude(): void {
    this.working(false)
    this.#isConcluded = true
  }

  /** A clock that was set back says nothing of that. */
  #hasJustTold(): boolean {
    const passed = this.#now() - this.#toldAt
    return passed >= 0 && passed < this.#everyMs
  }

  #counts(): UsageCounts {
    const now = this.#now()
    if (this.#slot && this.#slot.at !== slotOf(now)) this.#close()
    this.#slot ??= { at: slotOf(now), counts: noUsage() }
    return this.#slot.counts
  }

  /** Also of a call that has not ended, in the slots that it falls into. */
  #countWork(): void {
    if (this.#workingSince === undefined) return
    const counts = this.#counts()
    const now = this.#now()
    const begun = Math.max(this.#workingSince, slotOf(now) - SLOT_MS)
    const before = Math.max(0, slotOf(now) - begun)
    if (before > 0) this.#countBefore(slotOf(begun), before)
    counts.busyMs = atMostASlot(counts.busyMs + now - begun - before)
    this.#workingSince = now
  }

  #countBefore(at: number, busyMs: number): void {
    this.#add(at, { ...noUsage(), busyMs: Math.round(busyMs) })
  }

  #close(): void {
    if (this.#slot) this.#add(this.#slot.at, this.#slot.counts)
    this.#slot = undefined
  }

  #add(at: number, counts: UsageCounts): void {
    const last = this.#reports.findLast((report) => report.at === at)
    if (!last || last === this.#told) {
      this.#sequence += 1
      this.#reports.push({ ...counts, sequence: this.#sequence, at })
      return
    }
    addUsage(last, counts)
    last.busyMs = atMostASlot(last.busyMs)
  }
}

/** A clock that was put right must not make a report that is refused. */
const atMostASlot = (ms: number): number => Math.round(Math.min(SLOT_MS, Math.max(0, ms)))
