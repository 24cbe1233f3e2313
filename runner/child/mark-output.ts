import { StringDecoder } from 'node:string_decoder'
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
  secret: string,
  currentCallId: () => string | undefined,
): (callId: string) => void {
  const outputs = streams.map((stream) => markStream(stream, secret, currentCallId))
  const finishAll = () => {
    for (const { unfinished, finish } of outputs) for (const callId of unfinished()) finish(callId)
  }
  process.on('exit', finishAll)
  return (callId) => {
    for (const { finish } of outputs) finish(callId)
  }
}

/** What a call has written of a line, and the bytes of a character that is not whole yet. */
interface Partial {
  text: string
  decoder: StringDecoder
}

function markStream(stream: NodeJS.WriteStream, secret: string, currentCallId: () => string | undefined) {
  const write: Write = stream.write.bind(stream)
  const partials = new Map<string, Partial>()

  stream.write = (chunk: string | Uint8Array, encodingOrDone?: unknown, callback?: unknown): boolean => {
    const done = (typeof encodingOrDone === 'function' ? encodingOrDone : callback) as
      | (() => void)
      | undefined
    const callId = currentCallId()
    if (callId === undefined) return write(chunk as string, encodingOrDone as BufferEncoding, done)
    const partial = partials.get(callId) ?? { text: '', decoder: new StringDecoder() }
    partials.set(callId, partial)
    const lines = `${partial.text}${partial.decoder.write(bytesOf(chunk, encodingOrDone))}`.split('\n')
    partial.text = lines.pop() ?? ''
    // Whoever goes on printing after its call has ended leaves nothing behind.
    if (partial.text === '' && !endsInPieces(chunk)) partials.delete(callId)
    const whole = lines.map((line) => marked(callId, line)).join('')
    if (partial.text.length <= MAX_PARTIAL) return write(whole, done)
    const piece = partial.text
    partial.text = ''
    return write(`${whole}${marked(callId, piece)}`, done)
  }

  const marked = (callId: string, line: string): string => `${markOf(secret, callId)}${line}\n`

  const finish = (callId: string): void => {
    const { text, decoder } = partials.get(callId) ?? {}
    partials.delete(callId)
    const rest = `${text ?? ''}${decoder?.end() ?? ''}`
    if (rest !== '') write(marked(callId, rest))
  }
  return { unfinished: () => [...partials.keys()], finish }
}

/** Whether its last character may go on in the next chunk. */
const endsInPieces = (chunk: string | Uint8Array): boolean =>
  typeof chunk !== 'string' && (chunk.at(-1) ?? 0) >= 0x80

function bytesOf(chunk: string | Uint8Array, encoding: unknown): Buffer {
  if (typeof chunk !== 'string') return Buffer.from(chunk)
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
}
