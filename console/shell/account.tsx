import { useId } from 'preact/hooks'
import { signOut } from '../api/sign-in.ts'
import { When } from '../parts/time.tsx'
import './account.css'
import { useDisclosure } from './use-disclosure.ts'
import { useSender } from './use-may.ts'
import { useSession } from './use-session.ts'

/** Whom the console speaks for, what that is good for, and the way out. */
export function Account() {
  const session = useSession()
  const { ref, isOpen, toggle } = useDisclosure()
  const panel = useId()
  if (!session) return null
  return (
    <div class="account" ref={ref}>
      <button type="button" class="quiet" aria-expanded={isOpen} aria-controls={panel} onClick={toggle}>
        <span class="visually-hidden">Account: </span>
        <span class="account-name">{session.name}</span>
        <span class="quiet account-role"> · {session.role}</span>
      </button>
      <div id={panel} class="account-panel" hidden={!isOpen}>
        {isOpen && <AccountPanel />}
      </div>
    </div>
  )
}

function AccountPanel() {
  const session = useSession()
  const { data } = useSender()
  if (!session) return null
  const { name, role, env, expiresAt } = session
  return (
    <>
      <dl>
        <dt>Signed in as</dt>
        <dd>{name}</dd>
        <dt>Role</dt>
        <dd>
          {role}
          {data && <span class="quiet">: may {data.scopes.join(', ')}</span>}
        </dd>
        <dt>Environment</dt>
        <dd>{env ?? 'all'}</dd>
        <dt>Session ends</dt>
        <dd>
          <When at={expiresAt} />
        </dd>
      </dl>
      <button type="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  )
}
