import { useEffect, useState } from 'preact/hooks'
import { currentSession, onSession, type Session } from '../api/session.ts'

/** Who is signed in, if anybody is. */
export function useSession(): Session | undefined {
  const [session, setSession] = useState(currentSession)
  useEffect(() => onSession(() => setSession(currentSession())), [])
  return session
}
