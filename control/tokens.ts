import type { Role } from '../protocol/access.ts'
import type { Token } from './model.ts'
import type { Needs } from './ports.ts'

export interface TokenRequest {
  /** Whom it speaks for. */
  name: string
  role: Role
  /** The only environment that it opens. */
  env?: string | undefined
  /** Milliseconds since the epoch. */
  expiresAt?: number | undefined
  by: string
}

/** Makes `secret` a token, unless it is one. Only its hash is stored. */
export async function issueToken(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store'>,
  { name, role, env, expiresAt, by }: TokenRequest,
  secret: string,
): Promise<Token> {
  const token: Token = {
    id: ports.ids.next('to'),
    hash: ports.keys.hash(secret),
    name,
    role,
    ...(env !== undefined && { env }),
    createdAt: ports.clock.now(),
    createdBy: by,
    ...(expiresAt !== undefined && { expiresAt }),
  }
  await ports.store.putToken(token)
  return token
}
