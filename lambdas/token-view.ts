import type { Token } from '../control/token-model.ts'
import type { TokenView } from '../protocol/tokens.ts'

/** All of it but hashes. */
export function tokenView({ hash, parent, kind, ...token }: Token, now: number): TokenView {
  const { createdAt, expiresAt, revokedAt } = token
  return {
    ...token,
    state: stateOf(token, now),
    createdAt: time(createdAt),
    expiresAt: expiresAt === undefined ? undefined : time(expiresAt),
    revokedAt: revokedAt === undefined ? undefined : time(revokedAt),
  }
}

function stateOf(
  { revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>,
  now: number,
): TokenView['state'] {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'active'
}

const time = (ms: number): string => new Date(ms).toISOString()
