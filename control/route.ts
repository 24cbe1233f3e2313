import { appLabel } from '../protocol/names.ts'
import type { Action } from './action.ts'
import type { Observation } from './observation.ts'
import { activeIn, startTrouble } from './pools.ts'
import type { Revisits } from './revisits.ts'

/** Points every web function of the live version at that version's ready containers. */
export function route(seen: Observation, later: Revisits): Action[] {
  const { live } = seen
  if (!live) return []
  return [...(seen.labels.get(live.version) ?? [])].map(([label, name]): Action => {
    const active = activeIn(seen, name, live.version)
    const targets = active.flatMap(({ id, version, address, state }) =>
      state === 'ready' && address !== undefined ? [{ container: id, version, address }] : [],
    )
    const trouble = active.length === 0 ? startTrouble(seen, name, live.version) : undefined
    // While the next start is held back, requests are told so; then the next one may try again.
    const isHeldBack = trouble?.broken && !later.isDue(trouble.retryAt)
    // Visitors may be anybody, so what the container said last is not for them.
    const fault = isHeldBack
      ? `v${live.version} of ${name} could not start. \`sluice app logs ${appLabel(live)}\` says why.`
      : undefined
    const endpoint = { env: live.env, app: live.app, function: name, label, version: live.version }
    return { do: 'point', endpoint, targets, ...(fault !== undefined && { fault }) }
  })
}
