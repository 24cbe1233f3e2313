import { useTyped } from './use-typed.ts'

/** As long as the API takes it. */
const MOST_CHARACTERS = 64

interface SearchFieldProps {
  label: string
  /** What is looked for now, as the address has it. */
  value: string
  onSearch: (text: string) => void
}

/** Looks for what is typed, without a button. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useTyped(value, onSearch)
  return (
    <input
      type="search"
      class="search-field"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={MOST_CHARACTERS}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
