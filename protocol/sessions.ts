import * as z from 'zod'
import { Role } from './access.ts'

/** Characters that no code has: none was given out that is longer. */
const CODE_CHARACTERS = 200

/** A code that begins a session, once, and for a minute. */
export const SessionCodeView = z
  .object({ code: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'SessionCode' })
export type SessionCodeView = z.infer<typeof SessionCodeView>

export const BeginSessionRequest = z.strictObject({ code: z.string().min(1).max(CODE_CHARACTERS) })

/** The only answer that ever holds the session’s token. */
export const BegunSession = z
  .object({
    id: z.string(),
    token: z.string(),
    name: z.string(),
    role: Role,
    /** The only environment that it opens; absent where it opens all. */
    env: z.string().optional(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'BegunSession' })
export type BegunSession = z.infer<typeof BegunSession>
