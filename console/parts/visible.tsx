const ESCAPE = '\u001b'
/** How programs colour what they print (ECMA-48, "select graphic rendition"): of no use here. */
const STYLE = new RegExp(`${ESCAPE}\\[[\\d;:]*m`, 'g')
/** Controls other than the tab, and the characters that turn the direction of writing. */
const UNSAFE = /([^\P{Cc}\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069])/u

/** Text that somebody else wrote, with what could not be seen spelled out, as `\x07`; what is searched for is marked. */
export function Visible({ text, search = '' }: { text: string; search?: string | undefined }) {
  const parts = text.replace(STYLE, '').split(UNSAFE)
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <span key={index} class="control">
            {spelled(part)}
          </span>
        ) : (
          marked(part, search)
        ),
      )}
    </>
  )
}

function marked(text: string, search: string) {
  if (search === '' || !text.includes(search)) return text
  const [before, ...others] = text.split(search)
  return [before, ...others.flatMap((other) => [<mark>{search}</mark>, other])]
}

function spelled(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
}
