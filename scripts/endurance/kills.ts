/** What is killed may be noticed so much later: the request that finds it out is not refused because of a deploy. */
const NOTICE_MS = 1_000

interface Span {
  from: number
  /** Absent while it lasts. */
  until?: number
}

/** When something was killed, as far as clients can tell: milliseconds since the epoch. */
export class Kills {
  readonly outages: Span[] = []
  readonly containers: { at: number; of: string }[] = []

  /** @param of the function that it ran */
  containerKilled(of: string): void {
    this.containers.push({ at: Date.now(), of })
  }

  /** From here until what it answers is called, the control plane is away. */
  outage(): () => void {
    const outage: Span = { from: Date.now() }
    this.outages.push(outage)
    return () => {
      outage.until = Date.now()
    }
  }

  /** What was killed under whoever waited for that function from then on until now, if anything was. */
  since(begun: number, name?: string): 'control plane' | 'container' | undefined {
    if (this.outages.some(({ until }) => until === undefined || until + NOTICE_MS >= begun))
      return 'control plane'
    if (this.containers.some(({ at, of }) => of === name && at + NOTICE_MS >= begun)) return 'container'
    return undefined
  }
}
