import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useEffect, useState } from 'preact/hooks'

const SHOWN_MS = 6_000
const Announce = createContext<(message: string) => void>(() => undefined)

/** Says what was done, to eyes and to screen readers alike. */
export const useAnnounce = () => useContext(Announce)

export function Announcer({ children }: { children: ComponentChildren }) {
  const [message, setMessage] = useState('')
  const announce = useCallback((text: string) => setMessage(text), [])
  useEffect(() => {
    if (message === '') return
    const timer = setTimeout(() => setMessage(''), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [message])
  return (
    <Announce.Provider value={announce}>
      {children}
      <div class="announcer" role="status" aria-live="polite">
        {message && <p>{message}</p>}
      </div>
    </Announce.Provider>
  )
}
