import * as z from 'zod'
import { Role, Scope } from './access.ts'
import { EnvName } from './names.ts'

const Time = z.iso.datetime()
const MINUTE = 60
const TEN_YEARS = 10 * 366 * 86_400

/** Whom a token speaks for; also a part of headers and of log lines. */
export const TokenName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._@+-]{0,63}$/,
    'must be 1 to 64 letters, digits, ".", "_", "@", "+" or "-", and begin with a letter or digit',
  )

/** What somebody was given to keep, or what a browser was given for some hours. */
export const TokenKind = z.enum(['token', 'session'])
export type TokenKind = z.infer<typeof TokenKind>

export const TokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    /** The only environment that it opens; absent where it opens all. */
    env: z.string().optional(),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: Time,
    createdBy: z.string(),
    expiresAt: Time.optional(),
    revokedAt: Time.optional(),
    revokedBy: z.string().optional(),
  })
  .meta({ id: 'Token' })
export type TokenView = z.infer<typeof TokenView>

export const CreateTokenRequest = z.strictObject({
  name: TokenName,
  role: Role,
  env: EnvName.optional(),
  /** Seconds that it lasts; without, until it is revoked. */
  expiresIn: z.int().min(MINUTE).max(TEN_YEARS).optional(),
})
export type CreateTokenRequest = z.infer<typeof CreateTokenRequest>

/** The only answer that ever holds the token itself. */
export const IssuedToken = TokenView.extend({ token: z.string() }).meta({ id: 'IssuedToken' })
export type IssuedToken = z.infer<typeof IssuedToken>

/** Who the sender of a request is taken for. */
export const SenderView = z
  .object({
    kind: z.enum(['token', 'session', 'aws', 'container']),
    /** The name of the token, the AWS identity, or the container’s id. */
    name: z.string(),
    /** The id of the token, or of the session. */
    token: z.string().optional(),
    role: Role.optional(),
    scopes: z.array(Scope),
    env: z.string().optional(),
    expiresAt: Time.optional(),
    /** Where the web console is, if there is one. */
    console: z.string().optional(),
  })
  .meta({ id: 'Sender' })
export type SenderView = z.infer<typeof SenderView>
