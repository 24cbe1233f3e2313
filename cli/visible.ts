const ESCAPE = '\u001b'
/** Colours and weights (ECMA-48, "select graphic rendition"), which change nothing but how text looks. */
const STYLE = new RegExp(`(${ESCAPE}\\[[\\d;:]*m)`)
const RESET = `${ESCAPE}[0m`
/** Controls other than the tab, and the characters that have a terminal write backwards. */
const UNSAFE = /[^\P{Cc}\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * Text that somebody else wrote, so that it cannot move the cursor, erase, or pass for other lines: whatever is not to be
 * seen is spelled out, as `\x07`.
 * @param coloured whether its own colours are kept, until the end of the line
 */
export function visible(text: string, coloured: boolean): string {
  if (!coloured)
    return spelled(
      text
        .split(STYLE)
        .filter((part) => !isStyle(part))
        .join(''),
    )
  const parts = text.split(STYLE)
  const shown = parts.map((part) => (isStyle(part) ? part : spelled(part))).join('')
  return parts.length > 1 ? `${shown}${RESET}` : shown
}

/** The same of text with lines of its own. */
export const visibleLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => visible(line, true))
    .join('\n')

const isStyle = (part: string): boolean => STYLE.test(part)

const spelled = (text: string): string =>
  text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
