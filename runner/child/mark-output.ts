import { markOf } from '../call-mark.ts'

/** An unfinished line is let go when it is longer, in characters. */
const MAX_PARTIAL = 16_384

type Write = NodeJS.WriteStream['write']

/**
 * Makes each line that is written within a call carry the call's id. Lines are written whole, so that those of calls
 * that run at the same time do not mix.
 * @returns writes the unfinished line of a call that has ended
 */
export function markOutput(
  streams: NodeJS.WriteStream[],
  currentCallId: () => string | undefined,
): (callId: string) => void {
  const outputs = streams.map((stream) => markStream(stream, currentCallId))
  const finishAll = () => {
    for (const { unfinished, finish } of outputs) for (const callId of unfinished()) finish(callId)
  }
  process.on('exit', finishAll)
  return (callId) => {
    for (const { finish } of outputs) finish(callId)
  }
}

function markStream(stream: NodeJS.WriteStream, currentCallId: () => string | undefined) {
  const write: Write = stream.write.bind(stream)
  const partials = new Map<string, string>()

  stream.write = (chunk: string | Uint8Array, encodingOrDone?: unknown, callback?: unknown): boolean => {
    const done = (typeof encodingOrDone === 'function' ? encodingOrDone : callback) as
      | (() => void)
      | undefined
    const callId = currentCallId()
    if (callId === undefined) return write(chunk as string, encodingOrDone as BufferEncoding, done)
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    const lines = `${partials.get(callId) ?? ''}${text}`.split('\n')
    const partial = lines.pop() ?? ''
    if (partial === '') partials.delete(callId)
    else partials.set(callId, partial)
    if (partial.length > MAX_PARTIAL) finish(callId)
    return write(lines.map((line) => `${markOf(callId)}${line}\n`).join(''), done)
  }

  const finish = (callId: string): void => {
    const partial = partials.get(callId)
    if (partial === undefined) return
    partials.delete(callId)
    write(`${markOf(callId)}${partial}\n`)
  }
  return { unfinished: () => [...partials.keys()], finish }
}
