import { useLocation } from 'wouter-preact'
import { currentSession } from '../api/session.ts'

const KEY = 'sluice.env'
const DEFAULT_ENV = 'main'

/** The environment that was looked at last; a token of one environment knows no other. */
export const lastEnv = (): string => currentSession()?.env ?? localStorage.getItem(KEY) ?? DEFAULT_ENV

/** The environment that the address names, else the last one. */
export function useEnv(): string {
  const [path] = useLocation()
  const named = /^\/(?:apps|usage|audit)\/([^/]+)/.exec(path)?.[1]
  if (named === undefined) return lastEnv()
  const env = decodeURIComponent(named)
  localStorage.setItem(KEY, env)
  return env
}
