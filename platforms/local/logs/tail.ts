import { type FileHandle, open } from 'node:fs/promises'
import type { LogQuery } from '../../../control/log-port.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import { DueHeap } from '../due-heap.ts'
import { endOfWholeLines, linesBackwards } from './backwards.ts'
import { type LogFile, nameOf } from './files.ts'
import { readHeader } from './header.ts'
import { isWanted, matches, toLogLine } from './lines.ts'

/** What the control plane has to say of a moment it may write so much later, behind what it said of later ones. */
const DISORDER_MS = 60_000
/** When a file was written to, the system takes from a clock that ticks: its last line may be so much later. */
const TICK_MS = 20

/**
 * The last `tail` lines that the query asks for, oldest first. Files are merged from their ends, and one is opened only
 * when no line that is left elsewhere is later than its last: how much is read depends on what is asked for, not on how
 * much was ever written.
 */
export async function lastLines(files: LogFile[], query: LogQuery): Promise<LogLine[]> {
  const newestFirst = new DueHeap<Tail>()
  for (const file of files) {
    const latest = file.modifiedAt + TICK_MS
    const isTooOld = query.since !== undefined && latest < query.since
    if (!isTooOld) newestFirst.set(new Tail(file, query), -latest)
  }
  const lines: LogLine[] = []
  try {
    while (lines.length < query.tail && newestFirst.first) {
      const tail = newestFirst.first.item
      if (tail.line) lines.push(tail.line)
      if (await tail.advance()) newestFirst.set(tail, -tail.time)
      else newestFirst.delete(tail)
    }
  } finally {
    for (let next = newestFirst.first; next; next = newestFirst.first) {
      newestFirst.delete(next.item)
      await next.item.close()
    }
  }
  return lines.reverse().sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

/** One file's lines that match, from the last to the first. */
class Tail {
  readonly #file: LogFile
  readonly #query: LogQuery
  #handle: FileHandle | undefined
  #lines: AsyncIterator<LogLine> | undefined
  /** The line that `advance` went to. */
  line: LogLine | undefined

  constructor(file: LogFile, query: LogQuery) {
    this.#file = file
    this.#query = query
  }

  get time(): number {
    return this.line ? Date.parse(this.line.at) : this.#file.modifiedAt
  }

  /** Goes to the line before; false if there is none. */
  async advance(): Promise<boolean> {
    this.#lines ??= this.#read()
    const { value, done } = await this.#lines.next()
    this.line = done ? undefined : value
    if (done) await this.close()
    return !done
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
  }

  async *#read(): AsyncGenerator<LogLine, undefined> {
    const { path, size, modifiedAt } = this.#file
    const query = this.#query
    const handle = await open(path, 'r')
    this.#handle = handle
    const header = await readHeader(handle)
    if (!header || !isWanted(header, query)) return
    const end = query.follow ? await endOfWholeLines(handle, size) : size
    const disorder = header.container === undefined ? DISORDER_MS : 0
    let at = new Date(modifiedAt).toISOString()
    for await (const { text, offset } of linesBackwards(handle, end)) {
      const line = text === '' ? undefined : toLogLine(text, header, `${nameOf(path)}:${offset}`, at)
      if (!line) continue
      // A line that does not tell its time was written before the one that follows it.
      at = line.at
      if (query.since !== undefined && Date.parse(at) < query.since - disorder) return
      if (matches(line, query)) yield line
    }
  }
}
