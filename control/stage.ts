import type { Action } from './action.ts'
import { keyOf, type Version } from './model.ts'
import type { Observation } from './observation.ts'
import type { Revisits } from './revisits.ts'
import { point } from './route.ts'
import { scalePool } from './scale.ts'
import { reached } from './steps.ts'
import { turnOf } from './turn.ts'

/**
 * Gives staged versions containers while somebody asks for them, and addresses of their own. Comes last in a plan: none
 * of it may hold up what is live.
 */
export function stage(seen: Observation, later: Revisits): Action[] {
  const { live } = seen
  const isOver = ({ version, deployedAt }: Version) =>
    isPromoted(seen, version) || later.isDue(deployedAt + seen.retention.stagedMs)
  const endOf = (version: number) =>
    isPromoted(seen, version) ? `it was promoted, as v${live?.version}` : 'nobody promoted it in time'
  const [over, staged] = [seen.staged.filter(isOver), seen.staged.filter((version) => !isOver(version))]
  return [
    ...over.map(({ version }): Action => ({ do: 'supersede', version, reason: endOf(version) })),
    ...staged.flatMap((version) => scaleStaged(seen, later, version)),
    ...staged.flatMap((version) => [
      ...routeStaged(seen, later, version),
      ...reached(version, 'prepare', 'done'),
    ]),
  ]
}

const isPromoted = ({ live }: Observation, version: number): boolean =>
  live?.origin === 'promote' && live.fromVersion === version

function scaleStaged(seen: Observation, later: Revisits, { version, manifest }: Version): Action[] {
  return Object.entries(manifest.functions).flatMap(([name, spec]) =>
    scalePool(seen, later, { name, spec, version, isLive: false, isApart: true }),
  )
}

function routeStaged(seen: Observation, later: Revisits, { version }: Version): Action[] {
  return [...(seen.labels.get(version) ?? [])].map(([label, name]) => {
    const staged = aliasOf(seen, label)
    return point(seen, later, {
      ...keyOf(seen.app),
      function: name,
      label,
      version,
      turn: turnOf(seen),
      staged,
    })
  })
}

/** The address that it would have were it live, where the live version answers there. */
function aliasOf({ live, labels, aliases }: Observation, label: string): { alias?: string } {
  const alias = aliases.get(label)
  const isServed = live && alias !== undefined && labels.get(live.version)?.has(alias)
  return isServed ? { alias } : {}
}
