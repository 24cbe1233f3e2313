import { useEffect, useState } from 'preact/hooks'

/** So long after the last key is pressed: whoever types a word is not shown what fits each of its letters. */
const PAUSE_MS = 200

/** What is being typed, and how that is changed; `onTyped` is told once no more comes. */
export function useTyped(value: string, onTyped: (text: string) => void) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onTyped(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return [text, setText] as const
}
