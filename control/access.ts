import type { Keys, Needs } from './ports.ts'

/** Who sent a request. */
export type Principal = { kind: 'user'; name: string } | { kind: 'container'; id: string }

const CONTAINER_TOKEN = /^sct_([a-z0-9-]{1,64})_([0-9a-f]{64})$/

/** Derived, not stored: a repeated launch gets the same one, and there is nothing at rest to be stolen. */
export function containerToken(keys: Keys, id: string): string {
  return `sct_${id}_${keys.mac(`container:${id}`)}`
}

/** Whom a bearer token speaks for, or undefined. */
export async function authenticate(
  ports: Needs<'keys' | 'store'>,
  bearer: string,
): Promise<Principal | undefined> {
  const [, id, mac] = CONTAINER_TOKEN.exec(bearer) ?? []
  if (id !== undefined && mac !== undefined) {
    // Hashes are compared, so the time that it takes says nothing about the token itself.
    const genuine = ports.keys.hash(mac) === ports.keys.hash(ports.keys.mac(`container:${id}`))
    return genuine ? { kind: 'container', id } : undefined
  }
  const token = await ports.store.token(ports.keys.hash(bearer))
  return token && { kind: 'user', name: token.name }
}

/** Makes `secret` a token of `name`. Only its hash is stored. */
export async function issueToken(
  ports: Needs<'clock' | 'keys' | 'store'>,
  name: string,
  secret: string,
): Promise<void> {
  await ports.store.putToken({ hash: ports.keys.hash(secret), name, createdAt: ports.clock.now() })
}
