import type { LogLine } from '../../protocol/log-line.ts'
import { type LogsOf, readLogs } from './logs.ts'
import { isHeld } from './pace.ts'
import { Patience, seen, whileSeen } from './patience.ts'
import { ApiProblem } from './problem.ts'

/** As many as the API gives at once: through more nobody scrolls. */
export const MOST_LINES = 20_000
const FIRST_LINES = 1_000
/** Before and after a line that is linked to. */
const AROUND_LINES = 500
/** How much of what comes after a time is asked for at first, and by what factor more where that is nothing. */
const SPAN_MS = 60_000
const SPAN_GROWTH = 10
/** Milliseconds by which a line may come after one that was written later. */
const LATENESS_MS = 60_000

/** `lost`: it follows, and is not answered at the moment. `still`: nothing more comes by itself. */
export type FeedState = 'loading' | 'following' | 'lost' | 'still'

/** Lines of a log as far as they have been asked for, oldest first. */
export class LogFeed {
  readonly #of: LogsOf
  readonly #onChange: () => void
  readonly #gone = new AbortController()
  readonly #known = new Set<string>()
  #newest = ''
  /** Whether there was something older when that was asked for. */
  #older: boolean | undefined
  lines: readonly LogLine[] = []
  /** The number of the first line: it goes down where older ones are added, and up where the oldest are let go. */
  first = 0
  state: FeedState = 'loading'
  error: ApiProblem | undefined
  /** Whether there may be lines after the last one that do not come by themselves. */
  hasNewer = false

  constructor(of: LogsOf, onChange: () => void) {
    this.#of = of
    this.#onChange = onChange
  }

  /** Whether there may be lines before the first one that could be shown. */
  get hasOlder(): boolean {
    return (this.#older ?? this.lines.length >= FIRST_LINES) && this.lines.length < MOST_LINES
  }

  close(): void {
    this.#gone.abort()
  }

  /** The last lines, and from then on each that comes, over breaks of the connection. */
  async follow(): Promise<void> {
    const { signal } = this.#gone
    const patience = new Patience()
    for (await seen(signal); !signal.aborted; await seen(signal)) {
      await whileSeen(signal, (signal) => this.#followOnce(signal, patience)).catch(this.#failed)
      if (this.error || signal.aborted) return
      if (!document.hidden) await patience.wait(signal)
    }
  }

  /** The last lines that there are now. */
  async read(): Promise<void> {
    await this.#once(async () => this.#append(await this.#all({ tail: FIRST_LINES })))
  }

  /** What was written around that time. */
  async readAround(at: string): Promise<void> {
    await this.#once(async () => {
      const before = await this.#all({ until: at, tail: AROUND_LINES })
      this.#older = before.length === AROUND_LINES
      this.#append(before)
      await this.#readOn(at)
    })
  }

  /** Adds lines after the last one, where they do not come by themselves. */
  async newer(): Promise<void> {
    await this.#once(() => this.#readOn(this.#newest))
  }

  /** Adds lines before the first one. */
  async older(): Promise<void> {
    const { state } = this
    await this.#once(async () => {
      const found = this.#unknown(await this.#all({ until: this.lines[0]?.at, tail: FIRST_LINES }))
      const older = found.slice(-(MOST_LINES - this.lines.length))
      this.#older = older.length > 0
      for (const line of older) this.#known.add(nameOf(line))
      this.lines = [...older, ...this.lines]
      this.first -= older.length
    })
    this.state = state
  }

  async #followOnce(signal: AbortSignal, patience: Patience): Promise<void> {
    const since = this.#newest === '' ? undefined : earlier(this.#newest)
    const tail = since === undefined ? FIRST_LINES : MOST_LINES
    const follow = isHeld()
    for await (const lines of readLogs(this.#of, { since, tail, follow }, signal)) {
      // Where each look is a request, they grow rarer until there is a new line.
      if (follow || this.#unknown(lines).length > 0) patience.reset()
      this.state = 'following'
      this.#append(lines)
      this.#onChange()
    }
  }

  /** The API gives the last lines of a span of time, so the next ones are sought in spans that grow until there are some. */
  async #readOn(at: string): Promise<void> {
    const from = Date.parse(at)
    let fresh: LogLine[] = []
    let until = from
    for (let span = SPAN_MS; fresh.length === 0 && until < Date.now(); span *= SPAN_GROWTH) {
      until = from + span
      fresh = this.#unknown(await this.#all({ since: at, until: timeOf(until), tail: MOST_LINES }))
    }
    this.hasNewer = fresh.length > AROUND_LINES || until < Date.now()
    this.#append(fresh.slice(0, AROUND_LINES))
  }

  async #once(change: () => Promise<void>): Promise<void> {
    await change().then(() => {
      this.state = 'still'
    }, this.#failed)
    this.#onChange()
  }

  /** What comes a second time is told by its name; what is older than all that is there was not asked for. */
  #append(lines: LogLine[]): void {
    const oldest = this.lines[0]?.at ?? ''
    const fresh = this.#unknown(lines).filter(({ at }) => at >= oldest)
    for (const line of fresh) {
      this.#known.add(nameOf(line))
      if (line.at > this.#newest) this.#newest = line.at
    }
    const surplus = Math.max(0, this.lines.length + fresh.length - MOST_LINES)
    for (const line of this.lines.slice(0, surplus)) this.#known.delete(nameOf(line))
    this.lines = [...this.lines, ...fresh].slice(surplus)
    this.first += surplus
  }

  #unknown(lines: LogLine[]): LogLine[] {
    return lines.filter((line) => !this.#known.has(nameOf(line)))
  }

  async #all(extent: { tail: number; since?: string; until?: string | undefined }): Promise<LogLine[]> {
    const lines: LogLine[] = []
    for await (const piece of readLogs(this.#of, extent, this.#gone.signal)) lines.push(...piece)
    return lines
  }

  readonly #failed = (error: unknown): void => {
    const isRefused = error instanceof ApiProblem && !error.isPassing
    if (isRefused) this.error = error
    this.state = isRefused ? 'still' : 'lost'
    this.#onChange()
  }
}

export const nameOf = ({ id, at, container, line }: LogLine): string => id ?? `${at} ${container} ${line}`

const timeOf = (ms: number): string => new Date(ms).toISOString()

const earlier = (at: string): string => timeOf(Date.parse(at) - LATENESS_MS)
