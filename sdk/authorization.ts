import { type Client, defaultClient } from './client.ts'
import { ConfigurationError } from './errors.ts'

/**
 * The header that lets a request in where `requiresAuth` is set: `fetch(url, { headers: authorization() })`. In a container
 * it is the container's own, which is good for its environment. Send it to web functions that you know.
 * @throws ConfigurationError where the client has no token
 */
export function authorization(client: Client = defaultClient()): { authorization: string } {
  const { token } = client.api.config
  if (token) return { authorization: `Bearer ${token}` }
  throw new ConfigurationError(
    'There is no token to send: web functions take one, and no AWS signature. Make one with "sluice token create".',
  )
}
