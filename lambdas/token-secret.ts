import { randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

/** What a person's token is: nobody guesses 256 bits, so its plain hash may be stored. */
export const newTokenSecret = (): string => `slu_${randomBytes(TOKEN_BYTES).toString('base64url')}`

/** What a link may carry; it opens nothing but one session. */
export const newSessionCode = (): string => `slc_${randomBytes(TOKEN_BYTES).toString('base64url')}`
