import type { Scope } from '../../protocol/access.ts'
import { useAnswer } from '../api/queries.ts'

/** Whether whoever is signed in may do what takes this scope: what they may not is not offered. */
export function useMay(scope: Scope): boolean {
  const { data } = useAnswer('whoAmI')
  return data?.scopes.includes(scope) ?? false
}
