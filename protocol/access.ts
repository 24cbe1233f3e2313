import * as z from 'zod'

/** What a token may be used for. `read`: look at everything but secrets. `call`: call functions. `deploy`: change what runs. `admin`: the installation itself. */
export const SCOPES = ['read', 'call', 'deploy', 'admin'] as const
export const Scope = z.enum(SCOPES)
export type Scope = (typeof SCOPES)[number]

export const ROLES = ['viewer', 'invoker', 'deployer', 'admin'] as const
export const Role = z.enum(ROLES)
export type Role = (typeof ROLES)[number]

/** Not a ladder: a program that calls functions need not be able to read what others do. */
export const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  invoker: ['call'],
  deployer: ['read', 'call', 'deploy'],
  admin: SCOPES,
}
