import * as z from 'zod'
import type { Needs } from '../../control/ports.ts'
import { issueToken } from '../../control/tokens.ts'
import { TokenName } from '../../protocol/tokens.ts'
import { newTokenSecret } from '../token-secret.ts'

const TokenRequest = z.strictObject({
  /** Whom the token speaks for: shown as `deployedBy`. */
  name: TokenName,
})

export interface IssuedToken {
  name: string
  token: string
}

/** Whoever may invoke it gets an admin's token, which is shown this once: only its hash is kept. */
export function makeTokenRequestedHandler(
  ports: Needs<'clock' | 'ids' | 'keys' | 'store'>,
): (event: unknown) => Promise<IssuedToken> {
  return async (event) => {
    const request = TokenRequest.safeParse(event)
    if (!request.success) throw new Error(`Say whom the token is for, as {"name": "ada"}.`)
    const { name } = request.data
    const token = newTokenSecret()
    await issueToken(ports, { name, role: 'admin', by: name }, token)
    return { name, token }
  }
}
