import { unmark } from './call-mark.ts'

/**
 * Longer lines are split, in bytes of JSON: with what comes around it, an entry stays below the 16 KiB at which container
 * engines cut (Docker's `logger/copier.go`), and a line without an end does not fill memory.
 */
const MAX_LINE = 15_000
/** The most that one code unit takes in JSON: `\u0000`. */
const MOST_BYTES = 6

export interface OutputLine {
  call?: string
  text: string
}

/** Cuts a stream of text into lines. */
export class LogLines {
  readonly #mark: string
  #rest = ''
  /** The call of a line whose first pieces are out already. */
  #call: string | undefined

  /** @param mark what begins the marks that are believed */
  constructor(mark: string) {
    this.#mark = mark
  }

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
    const parts = this.#call === undefined ? unmark(this.#mark, line) : [{ call: this.#call, text: line }]
    return parts.flatMap((part) => split(part.text).map((text) => ({ ...part, text })))
  }
}

function split(text: string): string[] {
  if (text.length * MOST_BYTES <= MAX_LINE) return [text]
  const pieces: string[] = []
  let from = 0
  let at = 0
  let size = 0
  // Character by character, so that one of two code units stays whole.
  for (const character of text) {
    const bytes = bytesInJson(character)
    if (size + bytes > MAX_LINE) {
      pieces.push(text.slice(from, at))
      from = at
      size = 0
    }
    size += bytes
    at += character.length
  }
  return [...pieces, text.slice(from)]
}

function bytesInJson(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || isLoneSurrogate(code)) return MOST_BYTES
  if (code < 0x80) return character === '"' || character === '\\' ? 2 : 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}

const isLoneSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000
