import { userInfo } from 'node:os'
import type { Ports } from '../../control/ports.ts'
import { issueToken } from '../../control/tokens.ts'
import { newTokenSecret } from '../../lambdas/token-secret.ts'
import { keepToken, replaceToken } from './state-folder.ts'

const NAMELESS = 'owner'

/**
 * The token of whoever runs this platform: made at the first start, and kept in the folder. Should it have been revoked,
 * whoever may start the platform on its folder may also have another one.
 */
export async function ownerToken(ports: Ports, dir: string): Promise<string> {
  const kept = keepToken(dir, newTokenSecret)
  const { revokedAt } = (await ports.store.token(ports.keys.hash(kept))) ?? {}
  const token = revokedAt === undefined ? kept : replaceToken(dir, newTokenSecret())
  const name = userName()
  await issueToken(ports, { name, role: 'admin', by: name }, token)
  return token
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // In a container the user need not have an entry among the system's users.
    return NAMELESS
  }
}
