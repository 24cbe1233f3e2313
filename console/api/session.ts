import type { BegunSession } from '../../protocol/sessions.ts'

/**
 * Whom the console speaks for. It is kept for this origin alone: a cookie would reach every port of the host, and with that
 * the web functions that people deploy.
 */
export type Session = BegunSession

/** How the last session ended: in the words of the API, where that ended it. */
export type SessionEnd = { problem: string } | { note: string }

export const SIGNED_OUT: SessionEnd = { note: 'You are signed out.' }

const KEY = 'sluice.session'
const listeners = new Set<() => void>()
let current = stored()
let last: SessionEnd | undefined

export const currentSession = (): Session | undefined => current
export const lastEnd = (): SessionEnd | undefined => last

export function keepSession(session: Session): void {
  store((storage) => storage.setItem(KEY, JSON.stringify(session)))
  change(session)
}

/** For this browser; the control plane is told by `signOut`. */
export function forgetSession(end: SessionEnd): void {
  store((storage) => storage.removeItem(KEY))
  change(undefined, end)
}

/** Told of a sign-in or sign-out, in this tab and in others. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

window.addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) change(stored(), SIGNED_OUT)
})

function change(session: Session | undefined, end?: SessionEnd): void {
  current = session
  last = end
  for (const listener of listeners) listener()
}

function stored(): Session | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** A browser may keep nothing: then the session is this tab's, until it is closed or loaded again. */
function store(change: (storage: Storage) => void): void {
  try {
    change(localStorage)
  } catch {
    return
  }
}
