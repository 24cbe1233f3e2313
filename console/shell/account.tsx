import { endSession } from '../api/session.ts'
import { useSession } from './use-session.ts'

/** Whom the console speaks for, and the way out. */
export function Account() {
  const session = useSession()
  if (!session) return null
  return (
    <div class="account">
      <span>
        {session.name}
        {session.role && <span class="quiet"> · {session.role}</span>}
      </span>
      <button type="button" class="quiet" onClick={endSession}>
        Sign out
      </button>
    </div>
  )
}
