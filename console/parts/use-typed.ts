import { useEffect, useRef, useState } from 'preact/hooks'

/** So long after the last key is pressed: whoever types a word is not shown what fits each of its letters. */
const PAUSE_MS = 200

/** What is being typed, and how that is changed; `onTyped` is told once no more comes. */
export function useTyped(value: string, onTyped: (text: string) => void) {
  const [text, setText] = useState(value)
  /** What was told last: when it comes back as the value, more may have been typed already. */
  const told = useRef(value)
  useEffect(() => {
    if (value !== told.current) setText(value)
    told.current = value
  }, [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => {
      told.current = text
      onTyped(text)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return [text, setText] as const
}
