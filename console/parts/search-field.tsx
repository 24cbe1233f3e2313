import { useEffect, useState } from 'preact/hooks'

/** So long after the last key is pressed it is looked for. */
const PAUSE_MS = 200

interface SearchFieldProps {
  label: string
  /** What is looked for now, as the address has it. */
  value: string
  onSearch: (text: string) => void
}

/** Looks for what is typed, without a button. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onSearch(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      class="search-field"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={64}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
