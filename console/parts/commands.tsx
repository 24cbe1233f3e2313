import { useState } from 'preact/hooks'
import { Scrollable } from './scrollable.tsx'
import './commands.css'

const TOLD_MS = 2_000

/** What to type in a shell, a line each, to be copied with one press. */
export function Commands({ lines }: { lines: string[] }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(`${lines.join('\n')}\n`)
    setCopied(true)
    setTimeout(() => setCopied(false), TOLD_MS)
  }
  return (
    <div class="commands">
      <Scrollable label="Commands">
        <pre>
          {lines.map((line) => (
            <code key={line}>{`${line}\n`}</code>
          ))}
        </pre>
      </Scrollable>
      {/* Browsers have no clipboard for pages that came over plain HTTP from another machine. */}
      {window.isSecureContext && (
        <button type="button" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  )
}
