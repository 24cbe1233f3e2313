import { sendAs } from './client.ts'
import { ApiProblem } from './problem.ts'
import { currentSession, forgetSession, keepSession, type Session, SIGNED_OUT } from './session.ts'

/** What a header can carry. */
const WORD = /^[!-~]+$/
const NOT_HEARD =
  'You are signed out in this browser, but the control plane could not be told: the session itself ends by itself.'

/**
 * Exchanges a token for a session. The token is not kept.
 * @throws ApiProblem for a token that opens nothing
 */
export async function signIn(token: string): Promise<void> {
  if (!WORD.test(token))
    throw new ApiProblem(0, { detail: 'A token is one word, such as slu_ and what follows.' })
  const response = await sendAs(token, 'openSession', { body: {} })
  const { code } = await response.json()
  keepSession(await begin(code))
}

/**
 * The session that a code is for; it is good once.
 * @throws ApiProblem for a code that begins nothing
 */
export async function begin(code: string): Promise<Session> {
  const response = await sendAs(undefined, 'beginSession', { body: { code } })
  return response.json()
}

/** Ends the session here at once, whether or not the control plane can be told. */
export async function signOut(): Promise<void> {
  const session = currentSession()
  if (!session) return
  forgetSession(SIGNED_OUT)
  const isHeard = await end(session)
  if (!isHeard && !currentSession()) forgetSession({ note: NOT_HEARD })
}

/** Has a session that is not needed open nothing any more. False where that could not be said. */
export function end({ token }: Session): Promise<boolean> {
  return sendAs(token, 'endSession', {}).then(
    () => true,
    (error: unknown) => error instanceof ApiProblem && !error.isPassing,
  )
}
