import { useLocation } from 'wouter-preact'
import { currentSession } from '../api/session.ts'

const KEY = 'sluice.env'
const DEFAULT_ENV = 'main'
/** What an environment can be called. An address may be anybody's, and what it names otherwise is not come back to. */
const NAME = /^[a-z0-9-]{1,32}$/
const NAMED = /^\/(?:apps|usage|audit)\/([^/]+)/

/** The environment that was looked at last; a token of one environment knows no other. */
export function lastEnv(): string {
  const last = currentSession()?.env ?? kept() ?? ''
  return NAME.test(last) ? last : DEFAULT_ENV
}

/** The environment that the address names, else the last one. */
export function useEnv(): string {
  const [path] = useLocation()
  const named = NAMED.exec(path)?.[1] ?? ''
  if (!NAME.test(named)) return lastEnv()
  keep(named)
  return named
}

/** A browser may keep nothing: then it begins with the default again. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function keep(env: string): void {
  try {
    localStorage.setItem(KEY, env)
  } catch {
    return
  }
}
