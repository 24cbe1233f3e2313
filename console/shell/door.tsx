import { QueryClientProvider } from '@tanstack/preact-query'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ApiProblem } from '../api/problem.ts'
import { makeQueryClient } from '../api/queries.ts'
import { currentSession } from '../api/session.ts'
import type { SignInLink } from '../api/sign-in-link.ts'
import { useAnnounce } from './announcer.tsx'
import { Arrival } from './arrival.tsx'
import { SignIn } from './sign-in.tsx'
import { useSession } from './use-session.ts'

interface DoorProps {
  /** The link that somebody has come by, if it signs in. */
  link: SignInLink | undefined
  children: ComponentChildren
}

/** Lets in whoever is signed in, at whatever address they are. */
export function Door({ link, children }: DoorProps) {
  const session = useSession()
  const announce = useAnnounce()
  const [isArriving, setArriving] = useState(link !== undefined)
  const [problem, setProblem] = useState<ApiProblem>()
  const arrived = (refusal?: ApiProblem) => {
    setArriving(false)
    setProblem(refusal)
    // Who is signed in anyway need not sign in again because of a link that is too old.
    if (refusal && currentSession()) announce(refusal.message)
  }
  if (link && isArriving) return <Arrival link={link} onDone={arrived} />
  if (!session) return <SignIn problem={problem} />
  return <Answers key={session.token}>{children}</Answers>
}

/** What one session was told, the next one does not see. */
function Answers({ children }: { children: ComponentChildren }) {
  const [client] = useState(makeQueryClient)
  useEffect(() => () => client.clear(), [client])
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
