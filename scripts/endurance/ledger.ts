const SHOWN = 20
const SAMPLES = 100_000

/** What happened: how often, how long it took, and what must not have been. */
export class Ledger {
  readonly counts = new Map<string, number>()
  readonly faults: string[] = []
  readonly #times = new Map<string, number[]>()
  #more = 0

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  took(what: string, ms: number): void {
    const times = this.#times.get(what) ?? []
    this.#times.set(what, times)
    if (times.length < SAMPLES) times.push(ms)
  }

  /** A promise was broken. */
  fault(what: string): void {
    if (this.faults.length < SHOWN) this.faults.push(what)
    else this.faults[SHOWN] = `and ${++this.#more} more`
  }

  times(): { what: string; p50: number; p99: number; most: number }[] {
    return [...this.#times].map(([what, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
      return { what, p50: at(0.5), p99: at(0.99), most: at(1) }
    })
  }
}
