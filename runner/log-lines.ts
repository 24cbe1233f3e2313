import { unmark } from './call-mark.ts'

/** Longer lines are split, in characters: log stores bound an entry, and a line without an end must not fill memory. */
const MAX_LINE = 16_384

export interface OutputLine {
  call?: string
  text: string
}

/** Cuts a stream of text into lines. */
export class LogLines {
  #rest = ''
  /** The call of a line whose first pieces are out already. */
  #call: string | undefined

  push(chunk: string): OutputLine[] {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    const whole = lines.flatMap((line) => this.#endOfLine(line.endsWith('\r') ? line.slice(0, -1) : line))
    return [...whole, ...this.#overflow()]
  }

  /** What is left when the stream has ended. */
  end(): OutputLine[] {
    const rest = this.#rest
    this.#rest = ''
    return rest === '' ? [] : this.#endOfLine(rest)
  }

  #endOfLine(line: string): OutputLine[] {
    const pieces = this.#pieces(line)
    this.#call = undefined
    return pieces
  }

  #overflow(): OutputLine[] {
    if (this.#rest.length <= MAX_LINE) return []
    const pieces = this.#pieces(this.#rest)
    const last = pieces.pop()
    this.#rest = last?.text ?? ''
    this.#call = last?.call
    return pieces
  }

  #pieces(line: string): OutputLine[] {
    const parts = this.#call === undefined ? unmark(line) : [{ call: this.#call, text: line }]
    return parts.flatMap((part) => split(part.text).map((text) => ({ ...part, text })))
  }
}

function split(text: string): string[] {
  if (text.length <= MAX_LINE) return [text]
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = from + MAX_LINE
    // A character of two code units stays whole.
    const end = isHighSurrogate(text.charCodeAt(to - 1)) ? to - 1 : to
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
