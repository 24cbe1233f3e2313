import type { Action } from './action.ts'
import type { Observation } from './observation.ts'
import { cannotStart } from './occasions.ts'
import { startTrouble } from './pools.ts'

/** Has people told of functions of the live version that cannot start. */
export function warn(seen: Observation): Action[] {
  const { live } = seen
  if (!live) return []
  return Object.keys(live.manifest.functions).flatMap((name) => {
    const trouble = startTrouble(seen, name, live.version)
    return trouble?.broken ? [{ do: 'raise', notice: cannotStart(live, trouble, seen.now) }] : []
  })
}
