import { useSearchParams } from 'wouter-preact'
import { withValues } from './with-values.ts'

/** Filters as the address has them, and how one is changed: back and forth and a link find the same again. */
export function useFilters<Name extends string>(names: readonly Name[]) {
  const [address, setAddress] = useSearchParams()
  const filters: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = address.get(name)
    if (value) filters[name] = value
  }
  const change = (name: Name, value: string) => setAddress((before) => withValues(before, { [name]: value }))
  return [filters, change] as const
}
