/** The header that names to an author's web function who sent a request; what a client says there is left behind. */
export const CALLER_HEADER = 'sluice-caller'

/** What a person's token may look like, and a container's: anything else need not be asked about. */
const TOKEN = /^(slu|sct)_[\w-]{1,200}$/
const SCHEME = 'bearer '

/** The token in an `Authorization` header, or undefined. */
export function bearerIn(authorization: string | undefined): string | undefined {
  if (authorization?.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined
  const token = authorization.slice(SCHEME.length).trim()
  return TOKEN.test(token) ? token : undefined
}
