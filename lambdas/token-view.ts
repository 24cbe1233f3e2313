import type { Token } from '../control/model.ts'
import type { TokenView } from '../protocol/tokens.ts'

/** All of it but its hash. */
export function tokenView({ hash, ...token }: Token, now: number): TokenView {
  const { createdAt, expiresAt, revokedAt } = token
  return {
    ...token,
    state: stateOf(token, now),
    createdAt: time(createdAt),
    expiresAt: expiresAt === undefined ? undefined : time(expiresAt),
    revokedAt: revokedAt === undefined ? undefined : time(revokedAt),
  }
}

function stateOf({ revokedAt, expiresAt }: Omit<Token, 'hash'>, now: number): TokenView['state'] {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'active'
}

const time = (ms: number): string => new Date(ms).toISOString()
