import { createHash } from 'node:crypto'
import type { Time } from './time.ts'

/** What is counted: what people did, what went wrong, what became of what there is, and how calls of ports came out. */
export const KINDS = ['action', 'fault', 'event', 'port'] as const
export type Kind = (typeof KINDS)[number]

/** How often what occurred, by name; names that nobody foresaw are counted like all others. */
export type Counts = Record<Kind, Map<string, number>>

export const noCounts = (): Counts => ({
  action: new Map(),
  fault: new Map(),
  event: new Map(),
  port: new Map(),
})

/** What happened in a run, line by line, and how often. */
export class History {
  readonly lines: string[] = []
  readonly counts = noCounts()
  readonly #time: Time

  constructor(time: Time) {
    this.#time = time
  }

  note(kind: Kind, name: string, about = ''): void {
    this.count(kind, name)
    const seconds = this.#time.seconds.toFixed(3).padStart(8)
    this.lines.push(`${seconds} ${kind.padEnd(6)} ${name}${about && ` – ${about}`}`)
  }

  /** Of what is too frequent to be read. */
  count(kind: Kind, name: string): void {
    const counts = this.counts[kind]
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  /** Two runs that have the same were the same, as far as can be seen. */
  digest(): string {
    const all = KINDS.map((kind) => [...this.counts[kind]])
    return createHash('sha256')
      .update(JSON.stringify([this.lines, all]))
      .digest('hex')
  }
}
