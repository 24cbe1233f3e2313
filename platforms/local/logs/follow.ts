import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogQuery } from '../../../control/log-port.ts'
import type { LogLine } from '../../../protocol/log-line.ts'
import { endOfWholeLines, type PlacedText } from './backwards.ts'
import { isLogOf, type LogFile, nameOf } from './files.ts'
import type { FolderWatch } from './folder-watch.ts'
import { readHeader } from './header.ts'
import { isWanted, matches, toLogLine } from './lines.ts'

const NEWLINE = 0x0a

/** What is appended to an app's logs from now on, and to those of new containers, until the watch ends. */
export async function* appendedLines(
  folder: string,
  { watch, known, query }: { watch: FolderWatch; known: LogFile[]; query: LogQuery },
): AsyncGenerator<LogLine> {
  const files = new Map(known.map((file) => [file.path, new Appended(file.path, file.size)]))
  for (let names = await watch.changed(); names.length > 0; names = await watch.changed()) {
    const lines: LogLine[] = []
    for (const name of names.filter((name) => isLogOf(name, query.container))) {
      const path = join(folder, name)
      const file = files.get(path) ?? new Appended(path, 0)
      files.set(path, file)
      lines.push(...(await file.read(query)))
    }
    yield* lines.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  }
}

/** What is appended to one file. */
class Appended {
  readonly #path: string
  readonly #sizeBefore: number
  /** Up to where it has been read; always the end of a line. */
  #offset: number | undefined

  constructor(path: string, sizeBefore: number) {
    this.#path = path
    this.#sizeBefore = sizeBefore
  }

  async read(query: LogQuery): Promise<LogLine[]> {
    await using file = await open(this.#path, 'r')
    const header = await readHeader(file)
    if (!header || !isWanted(header, query)) return []
    this.#offset ??= await endOfWholeLines(file, this.#sizeBefore)
    const { size, mtime } = await file.stat()
    const length = Math.max(0, size - this.#offset)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, this.#offset)
    const begin = this.#offset
    this.#offset += buffer.lastIndexOf(NEWLINE) + 1
    const at = mtime.toISOString()
    return wholeLines(buffer).flatMap(({ text, offset }) => {
      const line =
        text === '' ? undefined : toLogLine(text, header, `${nameOf(this.#path)}:${begin + offset}`, at)
      return line && matches(line, query) ? [line] : []
    })
  }
}

function wholeLines(buffer: Buffer): PlacedText[] {
  const lines: PlacedText[] = []
  for (let offset = 0, end = buffer.indexOf(NEWLINE); end !== -1; end = buffer.indexOf(NEWLINE, offset)) {
    lines.push({ text: buffer.toString('utf8', offset, end), offset })
    offset = end + 1
  }
  return lines
}
