import type { Action } from './action.ts'
import { isTriedOut } from './lease-end.ts'
import type { Observation } from './observation.ts'
import { cannotStart } from './occasions.ts'
import { startTrouble } from './pools.ts'

/** Has people told of functions of the live version that cannot start. */
export function warn(seen: Observation): Action[] {
  const { live, app } = seen
  if (!live || isTriedOut(app)) return []
  return Object.keys(live.manifest.functions).flatMap((name) => {
    const trouble = startTrouble(seen, name, live.version)
    return trouble?.broken ? [{ do: 'raise', notice: cannotStart(live, trouble, seen.now) }] : []
  })
}
