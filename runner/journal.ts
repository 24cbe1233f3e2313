import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { LogLine } from '../protocol/log-line.ts'
import { LogLines, type OutputLine } from './log-lines.ts'

/** Lines that the report of a failure carries. */
const KEPT_LINES = 50

export interface Identity extends Pick<LogLine, 'env' | 'app'> {
  function: string
  version: number
  container: string
}

/** The container's log: what the author's code prints, and what the supervisor has to say, as NDJSON. */
export class Journal {
  /** What tells the child's own marks of calls from whatever is printed. */
  readonly mark = randomUUID()
  readonly #identity: Identity
  readonly #write: (text: string) => void
  readonly #kept: string[] = []

  constructor(identity: Identity, write: (text: string) => void) {
    this.#identity = identity
    this.#write = write
  }

  /** Reads an output of the author's process to its end; `onLines` is told what was in it. */
  follow(stream: Readable, source: 'stdout' | 'stderr', onLines?: (lines: OutputLine[]) => void): void {
    const lines = new LogLines(this.mark)
    const put = (read: OutputLine[]) => {
      this.#put(source, read)
      keepLast(this.#kept, read, KEPT_LINES)
      onLines?.(read)
    }
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => put(lines.push(chunk)))
    stream.on('end', () => put(lines.end()))
  }

  /** In the supervisor's own words. */
  system(text: string, call?: string): void {
    this.#put('system', [{ text, ...(call !== undefined && { call }) }])
  }

  /** What the author's code printed last. */
  lastLines(): string[] {
    return [...this.#kept]
  }

  #put(source: LogLine['source'], lines: OutputLine[]): void {
    if (lines.length === 0) return
    const at = new Date().toISOString()
    const entries = lines.map(({ text, call }) => {
      const entry: LogLine = { at, source, ...this.#identity, ...(call && { call }), line: text }
      return `${JSON.stringify(entry)}\n`
    })
    this.#write(entries.join(''))
  }
}

/** Appends, and forgets what is older than the last `count`. */
export function keepLast(kept: string[], lines: OutputLine[], count: number): void {
  kept.push(...lines.slice(-count).map(({ text }) => text))
  kept.splice(0, Math.max(0, kept.length - count))
}
