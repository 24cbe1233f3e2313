import type { Role } from '../../protocol/access.ts'

/**
 * Whom the console speaks for. It is kept for this origin alone: a cookie would reach every port of the host, and with that
 * the web functions that people deploy.
 */
export interface Session {
  token: string
  name: string
  role?: Role
  /** The only environment that it opens. */
  env?: string
}

const KEY = 'sluice.session'
const listeners = new Set<() => void>()
let current = stored()

export const currentSession = (): Session | undefined => current

export function keepSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session))
  change(session)
}

export function endSession(): void {
  localStorage.removeItem(KEY)
  change(undefined)
}

/** Told of a sign-in or sign-out, in this tab and in others. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

window.addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) change(stored())
})

function change(session: Session | undefined): void {
  current = session
  for (const listener of listeners) listener()
}

function stored(): Session | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
