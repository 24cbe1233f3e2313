import { PATHS, type PublicRoute, pathOf } from '../protocol/paths.ts'
import { NameError } from './errors.ts'

/** Every URL parser takes these out of a path, encoded or not, and what is left is the address of something else. */
const UNADDRESSABLE = ['', '.', '..']

/**
 * The address of a route below `base`. Query parameters that are undefined are left out.
 * @throws NameError for a name that no address can hold
 */
export function addressOf(
  base: string,
  route: PublicRoute,
  params: Record<string, string | number> = {},
  query: Record<string, string | number | boolean | undefined> = {},
): string {
  for (const [, kind = ''] of PATHS[route].path.matchAll(/\{(\w+)\}/g)) {
    const name = `${params[kind] ?? ''}`
    if (UNADDRESSABLE.includes(name)) throw new NameError(kind, name)
  }
  const url = new URL(base.replace(/\/+$/, '') + pathOf(route, params))
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url.href
}
