import { useEffect, useState } from 'preact/hooks'
import type { ApiProblem } from '../api/problem.ts'
import { currentSession, keepSession, type Session } from '../api/session.ts'
import { begin, end } from '../api/sign-in.ts'
import type { SignInLink } from '../api/sign-in-link.ts'
import { Problem } from '../parts/problem.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Threshold } from './sign-in.tsx'

interface ArrivalProps {
  link: SignInLink
  /** It is done with; with a problem where it began no session. */
  onDone: (problem?: ApiProblem) => void
}

/** Somebody has come by a link that signs in. */
export function Arrival({ link, onDone }: ArrivalProps) {
  const [begun, setBegun] = useState<Session>()
  const [problem, setProblem] = useState<ApiProblem>()
  const tryLink = () => {
    setProblem(undefined)
    begin(link.code).then(
      (session) => {
        const before = currentSession()
        if (before && !isSame(before, session)) setBegun(session)
        else enter(session)
      },
      (error: ApiProblem) => (error.isPassing ? setProblem(error) : onDone(error)),
    )
  }
  const enter = (session: Session) => {
    const before = currentSession()
    if (before) void end(before)
    keepSession(session)
    onDone()
  }
  const stay = (session: Session) => {
    void end(session)
    onDone()
  }
  useEffect(tryLink, [])
  if (begun) return <Choice begun={begun} onEnter={() => enter(begun)} onStay={() => stay(begun)} />
  return (
    <Threshold title="Signing in">
      {problem ? (
        <>
          <Problem error={problem} />
          <button type="button" class="primary" onClick={tryLink}>
            Try again
          </button>
        </>
      ) : (
        <Waiting />
      )}
    </Threshold>
  )
}

interface ChoiceProps {
  begun: Session
  onEnter: () => void
  onStay: () => void
}

/** A link may be somebody else’s: nobody is to act as another without having noticed. */
function Choice({ begun, onEnter, onStay }: ChoiceProps) {
  const before = currentSession()
  return (
    <Threshold title={`Go on as ${begun.name}?`}>
      <p>
        The link signs in {whoIs(begun)}. In this browser you are {before && whoIs(before)}.
      </p>
      <div class="actions">
        {before && (
          <button type="button" onClick={onStay}>
            Stay {before.name}
          </button>
        )}
        <button type="button" class="primary" onClick={onEnter}>
          Go on as {begun.name}
        </button>
      </div>
    </Threshold>
  )
}

const isSame = (one: Session, other: Session): boolean =>
  one.name === other.name && one.role === other.role && one.env === other.env

const whoIs = ({ name, role, env }: Session): string =>
  `${name}, ${role} in ${env === undefined ? 'all environments' : env}`
