import type { Role } from '../protocol/access.ts'
import { SluiceError } from '../protocol/errors.ts'
import { DEFAULT_ENV } from '../protocol/names.ts'
import { auditEntry } from './audit.ts'
import { requireEnvironment } from './environments.ts'
import type { AuditEntry } from './model.ts'
import type { Needs } from './ports.ts'
import type { Token } from './token-model.ts'

export interface TokenRequest {
  /** Whom it speaks for. */
  name: string
  role: Role
  /** The only environment that it opens. */
  env?: string | undefined
  /** Milliseconds that it lasts. */
  lifetimeMs?: number | undefined
  by: string
}

type ChangePorts = Needs<'clock' | 'ids' | 'store'>

/** Makes `secret` a token, unless it is one. Only its hash is stored. */
export async function issueToken(
  ports: ChangePorts & Needs<'keys'>,
  { name, role, env, lifetimeMs, by }: TokenRequest,
  secret: string,
): Promise<Token> {
  const now = ports.clock.now()
  const token: Token = {
    id: ports.ids.next('to'),
    hash: ports.keys.hash(secret),
    name,
    role,
    ...(env !== undefined && { env }),
    createdAt: now,
    createdBy: by,
    ...(lifetimeMs !== undefined && { expiresAt: now + lifetimeMs }),
  }
  await ports.store.putToken(token, tokenEntry(ports, token, 'token.created', by))
  await ports.store.durable()
  return token
}

/**
 * The same on somebody's behalf.
 * @throws SluiceError `environment_not_found`
 */
export async function createToken(
  ports: ChangePorts & Needs<'keys'>,
  request: TokenRequest,
  secret: string,
): Promise<Token> {
  if (request.env !== undefined) await requireEnvironment(ports, request.env)
  return issueToken(ports, request, secret)
}

/**
 * From the answer on, the token, or session, opens nothing. Doing it again changes nothing.
 * @throws SluiceError `token_not_found`
 */
export async function revokeToken(ports: ChangePorts, id: string, by: string): Promise<Token> {
  const token = await findToken(ports, id)
  const action = token.kind === 'session' ? 'session.ended' : 'token.revoked'
  const entry = tokenEntry(ports, token, action, by)
  await ports.store.revokeToken(id, { at: ports.clock.now(), by }, entry)
  await ports.store.durable()
  return findToken(ports, id)
}

async function findToken(ports: Needs<'store'>, id: string): Promise<Token> {
  const token = await ports.store.tokenById(id)
  if (token) return token
  throw new SluiceError(
    'token_not_found',
    `There is no token with the id "${id}". See \`sluice token list\` for those there are.`,
  )
}

/** A token for all environments is told of where the installation's own things are. */
export function tokenEntry(
  ports: Needs<'clock' | 'ids'>,
  { id, name, role, env = DEFAULT_ENV }: Token,
  action: 'token.created' | 'token.revoked' | 'session.begun' | 'session.ended',
  by: string,
): AuditEntry {
  const what = `${name}, ${role}`
  return auditEntry(ports, {
    env,
    action,
    by,
    subject: id,
    ...(action === 'token.created' || action === 'session.begun' ? { after: what } : { before: what }),
  })
}
