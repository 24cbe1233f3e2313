import { appLabel } from '../protocol/names.ts'
import type { Action } from './action.ts'
import { keyOf } from './model.ts'
import type { Observation } from './observation.ts'
import { activeIn, startTrouble } from './pools.ts'
import type { Endpoint } from './ports.ts'
import type { Revisits } from './revisits.ts'
import { turnOf } from './turn.ts'

/** Points every web function of the live version at that version's ready containers. */
export function route(seen: Observation, later: Revisits): Action[] {
  const { live } = seen
  if (!live) return []
  return [...(seen.labels.get(live.version) ?? [])].map(([label, name]) =>
    point(seen, later, { ...keyOf(live), function: name, label, version: live.version, turn: turnOf(seen) }),
  )
}

/** Sends requests to the ready containers of the version that serves the endpoint. */
export function point(seen: Observation, later: Revisits, endpoint: Endpoint): Action {
  const { function: name, version } = endpoint
  const active = activeIn(seen, name, version)
  const targets = active.flatMap(({ id, address, state }) =>
    state === 'ready' && address !== undefined ? [{ container: id, version, address }] : [],
  )
  const trouble = active.length === 0 ? startTrouble(seen, name, version) : undefined
  // While the next start is held back, requests are told so; then the next one may try again.
  const isHeldBack = trouble?.broken && !later.isDue(trouble.retryAt)
  // Visitors may be anybody, so what the container said last is not for them.
  const fault = isHeldBack
    ? `v${version} of ${name} could not start. \`sluice app logs ${appLabel(seen.app)}\` says why.`
    : undefined
  return { do: 'point', endpoint, targets, ...(fault !== undefined && { fault }) }
}
