import { SluiceError } from '../protocol/errors.ts'
import { requireParent, type User } from './access.ts'
import { SESSION_CODE_MS, SESSION_MS } from './policy.ts'
import type { Needs } from './ports.ts'
import type { SessionCode, Token } from './token-model.ts'
import { revokeToken, tokenEntry } from './tokens.ts'

interface Session extends Token {
  expiresAt: number
}

type SessionPorts = Needs<'clock' | 'ids' | 'keys' | 'store'>

/**
 * Makes `secret` a code that begins a session of whoever asks: as the same name, with the same role, in the same
 * environment. It is what a link may carry, since it is good once, and not for long.
 * @throws SluiceError `forbidden` for a session, which would otherwise have no end, and for a token that none could end with
 */
export async function openSession(ports: SessionPorts, by: User, secret: string): Promise<SessionCode> {
  const token = by.token === undefined ? undefined : await ports.store.tokenById(by.token)
  if (by.token !== undefined && !token) throw withoutEnd()
  if (token?.kind === 'session') throw notFromSession()
  const { name, role, env } = by
  const now = ports.clock.now()
  const code: SessionCode = {
    hash: ports.keys.hash(secret),
    name,
    role,
    ...(env !== undefined && { env }),
    ...(token && { parent: token.hash }),
    ...(token?.expiresAt !== undefined && { parentExpiresAt: token.expiresAt }),
    createdAt: now,
    expiresAt: now + SESSION_CODE_MS,
  }
  await ports.store.putSessionCode(code)
  await ports.store.durable()
  return code
}

/**
 * Makes `secret` the token of the session that a code is for, which uses the code up.
 * @throws SluiceError `unauthenticated` for a code that is unknown, old or used, or whose token has ended
 */
export async function beginSession(ports: SessionPorts, code: string, secret: string): Promise<Session> {
  const now = ports.clock.now()
  const found = await ports.store.sessionCode(ports.keys.hash(code))
  if (!found) throw refused('is not known here')
  if (found.expiresAt <= now) throw refused('is too old')
  await requireParent(ports, found)
  const { name, role, env, parent, parentExpiresAt = Number.POSITIVE_INFINITY } = found
  const session: Session = {
    id: ports.ids.next('se'),
    kind: 'session',
    hash: ports.keys.hash(secret),
    name,
    role,
    ...(env !== undefined && { env }),
    ...(parent !== undefined && { parent }),
    createdAt: now,
    createdBy: name,
    expiresAt: Math.min(now + SESSION_MS, parentExpiresAt),
  }
  const entry = tokenEntry(ports, session, 'session.begun', name)
  // Of two that come with it at once, one is the first.
  if (!(await ports.store.beginSession({ hash: found.hash, usedAt: now }, session, entry)))
    throw refused('was used before')
  await ports.store.durable()
  return session
}

/**
 * From the answer on, the session that the request was sent in opens nothing.
 * @throws SluiceError `session_not_found` where it was not sent in one
 */
export async function endSession(ports: SessionPorts, by: User): Promise<Token> {
  if (by.session && by.token !== undefined) return revokeToken(ports, by.token, by.name)
  throw new SluiceError(
    'session_not_found',
    'This was not sent in a session, so there is none to end. A token is ended with `sluice token revoke`.',
  )
}

function notFromSession(): SluiceError {
  return new SluiceError(
    'forbidden',
    'A session begins no other one. Make it with the token that this one came from: `sluice dashboard`.',
  )
}

/** Of tokens that are older than ids, none is found by one. */
function withoutEnd(): SluiceError {
  return new SluiceError(
    'forbidden',
    'This token is from before tokens could be revoked, so a session could not end with it. Use another one: `sluice token create`.',
  )
}

function refused(why: string): SluiceError {
  return new SluiceError(
    'unauthenticated',
    `This sign-in code ${why}: it is good once, for a minute. Make another one with \`sluice dashboard\`.`,
  )
}
