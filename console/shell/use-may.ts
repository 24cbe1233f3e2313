import type { Scope } from '../../protocol/access.ts'
import { useAnswer } from '../api/queries.ts'

/** Who is signed in, as the API knows them: that is the same for as long as the session lasts. */
export const useSender = () => useAnswer('whoAmI', {}, { final: true })

/** Whether whoever is signed in may do what takes this scope: what they may not is not offered. */
export function useMay(scope: Scope): boolean {
  const { data } = useSender()
  return data?.scopes.includes(scope) ?? false
}
