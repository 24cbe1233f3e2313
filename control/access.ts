import { ROLES, type Role, SCOPES_OF, type Scope } from '../protocol/access.ts'
import { SluiceError } from '../protocol/errors.ts'
import type { Container } from './model.ts'
import type { Keys, Needs } from './ports.ts'
import type { Token } from './token-model.ts'

/** Who sent a request. */
export type Principal = User | ContainerSender

export interface ContainerSender {
  kind: 'container'
  id: string
  /** What is on record of it, once that was looked up. */
  record?: Container
}

export interface User {
  kind: 'user'
  name: string
  role: Role
  /** The only environment that is open to it; without one, all of them. */
  env?: string | undefined
  /** The id of its token or session, where it came with one. */
  token?: string
  session?: true
  expiresAt?: number | undefined
}

const CONTAINER_TOKEN = /^sct_([a-z0-9-]{1,64})_([0-9a-f]{64})$/

/** Derived, not stored: a repeated launch gets the same one, and there is nothing at rest to be stolen. */
export function containerToken(keys: Keys, id: string): string {
  return `sct_${id}_${keys.mac(`container:${id}`)}`
}

/**
 * Whom a bearer token speaks for.
 * @throws SluiceError `unauthenticated` for one that is unknown, expired or revoked
 */
export async function authenticate(
  ports: Needs<'clock' | 'keys' | 'store'>,
  bearer: string,
): Promise<Principal> {
  const [, id, mac] = CONTAINER_TOKEN.exec(bearer) ?? []
  if (id !== undefined && mac !== undefined) {
    // Hashes are compared, so the time that it takes says nothing about the token itself.
    const genuine = ports.keys.hash(mac) === ports.keys.hash(ports.keys.mac(`container:${id}`))
    if (!genuine) throw unknownToken()
    return { kind: 'container', id }
  }
  const token = await ports.store.token(ports.keys.hash(bearer))
  if (!token) throw unknownToken()
  refuseEnded(token, ports.clock.now())
  const { id: of, name, role, env, expiresAt, kind } = token
  if (kind === 'session') await requireParent(ports, token)
  return { kind: 'user', name, role, env, token: of, expiresAt, ...(kind === 'session' && { session: true }) }
}

/** @throws SluiceError `forbidden` where the role is good for none of the scopes, which says what is. */
export function requireScope({ name, role }: User, scopes: readonly Scope[]): void {
  if (scopes.some((scope) => SCOPES_OF[role].includes(scope))) return
  const able = ROLES.filter((other) => scopes.some((scope) => SCOPES_OF[other].includes(scope)))
  throw new SluiceError(
    'forbidden',
    `The token "${name}" has the role ${role}, which is for ${SCOPES_OF[role].join(', ')}; this takes ${scopes.join(' or ')}. Roles that have it: ${able.join(', ')}. An admin makes such a token with \`sluice token create NAME --role ROLE\`.`,
  )
}

/** The only environment that is open to the sender, or undefined. @throws SluiceError for a container that is no more. */
export async function environmentOf(
  ports: Needs<'store'>,
  principal: Principal,
): Promise<string | undefined> {
  if (principal.kind === 'user') return principal.env
  return (principal.record ?? (await requirePresence(ports, principal.id))).env
}

/** What a sender is called in what they ask for. */
export function nameOf(principal: Principal): string {
  if (principal.kind === 'user') return principal.name
  const { id, record } = principal
  return record ? `${record.app}.${record.function}` : id
}

/** A container's token can be derived for ever, but opens nothing once the container has stopped. */
export async function requirePresence(ports: Needs<'store'>, containerId: string): Promise<Container> {
  const container = await ports.store.container(containerId)
  if (container && container.state !== 'stopped') return container
  throw new SluiceError('container_gone', `Container ${containerId} has stopped; its token opens nothing.`)
}

function unknownToken(): SluiceError {
  return new SluiceError(
    'unauthenticated',
    'The token is not known here. `sluice up` keeps its own in DIR/token; SLUICE_TOKEN overrides it. On AWS the output FirstToken of the stacks says how to get one.',
  )
}

function refuseEnded(token: Token, now: number): void {
  const { kind, name, id } = token
  const ended = endOf(token, now)
  if (ended === undefined) return
  throw new SluiceError(
    'unauthenticated',
    kind === 'session'
      ? `The session of "${name}" (${id}) ${ended}. Sign in again: \`sluice dashboard\` begins another one.`
      : `The token "${name}" (${id}) ${ended}. An admin makes another one with \`sluice token create\`.`,
  )
}

/**
 * A session is good for no longer than the token that it came from, whose end may come at any time.
 * @throws SluiceError `unauthenticated`
 */
export async function requireParent(
  ports: Needs<'clock' | 'store'>,
  { name, parent }: Pick<Token, 'name' | 'parent'>,
): Promise<void> {
  if (parent === undefined) return
  const token = await ports.store.token(parent)
  const ended = token ? endOf(token, ports.clock.now()) : 'ended long ago'
  if (ended === undefined) return
  throw new SluiceError(
    'unauthenticated',
    `The session of "${name}" is over: the token that it came from ${ended}. Sign in with another one.`,
  )
}

/** How it ended, if it has. */
function endOf({ expiresAt, revokedAt, revokedBy }: Token, now: number): string | undefined {
  if (revokedAt !== undefined) return `was revoked by ${revokedBy} at ${new Date(revokedAt).toISOString()}`
  if (expiresAt === undefined || expiresAt > now) return undefined
  return `expired at ${new Date(expiresAt).toISOString()}`
}
