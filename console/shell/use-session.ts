import { useEffect, useState } from 'preact/hooks'
import { currentSession, lastEnd, onSession, type Session, type SessionEnd } from '../api/session.ts'

/** Who is signed in, if anybody is. */
export const useSession = (): Session | undefined => useCurrent(currentSession)

/** How the session before ended, if there was one. */
export const useLastEnd = (): SessionEnd | undefined => useCurrent(lastEnd)

function useCurrent<Value>(read: () => Value): Value {
  const [value, setValue] = useState(read)
  useEffect(() => {
    // It may have changed between the first look and this.
    setValue(read)
    return onSession(() => setValue(read))
  }, [read])
  return value
}
