import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024
const NEWLINE = 0x0a

export interface PlacedText {
  text: string
  /** Where in the file it begins. */
  offset: number
}

/** The lines of a file that end before `end`, the last one first, read no further back than they are asked for. */
export async function* linesBackwards(file: FileHandle, end: number): AsyncGenerator<PlacedText> {
  /** The end of the line whose beginning has not been read yet. */
  let rest: Buffer[] = []
  let begin = end
  for await (const chunk of chunksBackwards(file, end)) {
    begin -= chunk.length
    let to = chunk.length
    for (let at = lastNewline(chunk, to); at !== -1; at = lastNewline(chunk, to)) {
      const text = Buffer.concat([chunk.subarray(at + 1, to), ...rest]).toString()
      yield { text, offset: begin + at + 1 }
      rest = []
      to = at
    }
    rest.unshift(chunk.subarray(0, to))
  }
  yield { text: Buffer.concat(rest).toString(), offset: begin }
}

/** Where the last whole line before `end` ends: what follows it is still being written. */
export async function endOfWholeLines(file: FileHandle, end: number): Promise<number> {
  let position = end
  for await (const chunk of chunksBackwards(file, end)) {
    const newline = lastNewline(chunk, chunk.length)
    position -= chunk.length
    if (newline !== -1) return position + newline + 1
  }
  return 0
}

async function* chunksBackwards(file: FileHandle, end: number): AsyncGenerator<Buffer> {
  for (let to = end; to > 0; to -= CHUNK_BYTES) {
    const from = Math.max(0, to - CHUNK_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from)
    yield buffer.subarray(0, bytesRead)
  }
}

/** Before `end`, which `lastIndexOf` would count from the back of the buffer if it were 0 less one. */
const lastNewline = (chunk: Buffer, end: number): number =>
  end === 0 ? -1 : chunk.lastIndexOf(NEWLINE, end - 1)
