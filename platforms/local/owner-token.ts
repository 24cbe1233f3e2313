import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { issueToken } from '../../control/access.ts'
import type { Ports } from '../../control/ports.ts'
import { keepToken } from './state-folder.ts'

const TOKEN_BYTES = 32
const NAMELESS = 'owner'

/** The token of whoever runs this platform: made at the first start, and kept in the folder. */
export async function ownerToken(ports: Ports, dir: string): Promise<string> {
  const token = keepToken(dir, () => `slu_${randomBytes(TOKEN_BYTES).toString('base64url')}`)
  await issueToken(ports, userName(), token)
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
