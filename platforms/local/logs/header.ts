import type { FileHandle } from 'node:fs/promises'
import type { LogHeader } from './files.ts'
import { toLogHeader } from './lines.ts'

/** Names are bounded, and so is the header that is made of them. */
const HEADER_BYTES = 1024

/** Undefined where the file does not begin with one, or not yet. */
export async function readHeader(file: FileHandle): Promise<LogHeader | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
  const text = buffer.toString('utf8', 0, bytesRead)
  const end = text.indexOf('\n')
  return end === -1 ? undefined : toLogHeader(text.slice(0, end))
}
