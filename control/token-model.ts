import type { Role } from '../protocol/access.ts'

export interface Token {
  /** What it is listed and revoked by; of no use to a thief. */
  id: string
  hash: string
  /** Whom it speaks for: shown as `deployedBy`. */
  name: string
  role: Role
  /** The only environment that it opens; without one, all of them. */
  env?: string
  /** A browser's, which ends with the token that it came from. */
  kind?: 'session'
  /** Hash of the token that a session came from; absent where that was signed with AWS credentials. */
  parent?: string
  createdAt: number
  createdBy: string
  /** From then on it opens nothing. */
  expiresAt?: number
  revokedAt?: number
  revokedBy?: string
}

/** Begins a session, once. */
export interface SessionCode extends Pick<Token, 'hash' | 'name' | 'role' | 'env' | 'parent'> {
  createdAt: number
  expiresAt: number
  /** When the token that it came from does. */
  parentExpiresAt?: number
  usedAt?: number
}
